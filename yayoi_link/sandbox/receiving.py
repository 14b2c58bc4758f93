"""Where the portal posts to."""

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yayoi_link.sandbox import wire
from yayoi_link.sandbox.answers import ANSWERS
from yayoi_link.sandbox.connection import cut
from yayoi_link.sandbox.manners import BOOKS_FIRST, Manner
from yayoi_link.sandbox.models import Instruction, Link, Posting

LONGEST_REPEAT_KEY = 200


@csrf_exempt
@login_not_required
@require_POST
def receive(request, token):
    link = Link.objects.filter(token=token).first()
    if link is None:
        return JsonResponse({"error": _("このリンクはありません。")}, status=404)

    instruction = link.take_instruction()
    if instruction.manner == Manner.CUT_UNREAD:
        Posting.objects.create(link=link, received_at=timezone.now(), manner=instruction.manner)
        return cut(request)

    try:
        received = wire.read_posting(request.body)
    except wire.NotAccepted as reason:
        Posting.objects.create(link=link, received_at=timezone.now(), manner=Manner.UNPROCESSABLE, complaint=str(reason))
        return JsonResponse({"error": str(reason)}, status=422)
    return keep_and_answer(request, link, instruction, received)


def keep_and_answer(request: HttpRequest, link: Link, instruction: Instruction, received: wire.ReceivedPosting) -> HttpResponse:
    """Commit what is to be booked first: whatever happens to the answer, the rows are there."""
    Posting.objects.keep(
        link,
        received,
        repeat_key=request.headers.get("Idempotency-Key", "")[:LONGEST_REPEAT_KEY],
        manner=instruction.manner,
        is_booked=instruction.manner in BOOKS_FIRST,
        received_at=timezone.now(),
    )
    time.sleep(instruction.delay_seconds)
    return ANSWERS[instruction.manner](request, instruction, len(received.transactions))
