"""One delivery in each state that needs a person, reached the way a real one gets there: claimed, past its gate, recorded."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now

from yayoi_link.delivery import claim, pass_gate
from yayoi_link.models import Delivery
from yayoi_link.recording import record
from yayoi_link.schedule import GIVES_UP_AFTER, MINIMUM_TRIES
from yayoi_link.states import State
from yayoi_link.verdicts import Answer, ErrorCode, Phase


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to the posting of the store's day that lies so many days back."""

    store: str
    days_back: int
    answer: Answer


LOGIN_PAGE = b"<!doctype html><title>login</title>"
TROUBLES = (
    Trouble("0001", 3, Answer(phase=Phase.AWAIT_STATUS, passed_gate=True, error=ErrorCode.RESET, body_all_sent=True, duration_ms=812)),
    Trouble(
        "0001",
        9,
        Answer(
            phase=Phase.DONE,
            passed_gate=True,
            body_all_sent=True,
            status=200,
            body=LOGIN_PAGE,
            body_complete=True,
            content_type="text/html",
            duration_ms=345,
        ),
    ),
    Trouble("0002", 4, Answer(phase=Phase.DONE, passed_gate=True, body_all_sent=True, status=404, body_complete=True, duration_ms=120)),
    Trouble("0002", 6, Answer(phase=Phase.RESOLVE, error=ErrorCode.NAME_NOT_FOUND, duration_ms=20)),
)


def cause(trouble: Trouble, company_code: str, *, today) -> None:
    """Let the trouble happen to the delivery, if nobody has sent it yet."""
    waiting = Delivery.objects.filter(
        day__store__company__code=company_code,
        day__store__code=trouble.store,
        day__date=today - timedelta(days=trouble.days_back),
        state=State.PENDING,
    )
    if not trouble.answer.passed_gate:
        _age(waiting)
    for delivery in waiting:
        claimed = claim(delivery.pk)
        if claimed is None:
            continue
        if trouble.answer.passed_gate:
            pass_gate(claimed)
        record(claimed, trouble.answer)


def _age(deliveries):
    """The last of the automatic tries is due: three days have gone by."""
    deliveries.update(first_tried_at=Now() - GIVES_UP_AFTER, tries=MINIMUM_TRIES)
