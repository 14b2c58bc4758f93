from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from regi_admin.readiness import reasons_not_ready
from stores.access import Ability, allowed_at_till, open_to_everyone, requires
from stores.models import Language


@require_GET
@requires(Ability.SEE_PORTAL)
def top(request):
    return render(request, "top.html")


@require_GET
@requires(Ability.SEE_PORTAL)
@never_cache
def top_part(request, part):
    """A panel of TOP that comes on its own: for many stores it takes as long as all the rest."""
    return render(request, f"top/{part}.html")


@open_to_everyone
@allowed_at_till
@require_POST
def change_language(request):
    """A visitor sets this browser; who is signed in chooses for every machine, and leaves a shared browser as it was."""
    response = set_language(request)
    if request.user.is_authenticated and request.POST.get("language") in {"", *Language.values}:
        request.user.choose_language(request.POST["language"])
        response.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
    return response


@open_to_everyone
@allowed_at_till
@require_GET
@never_cache
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@open_to_everyone
@allowed_at_till
@require_GET
@never_cache
def readyz(request):
    reasons = [{"code": reason.value, "message": reason.label} for reason in reasons_not_ready()]
    answer = {"ready": not reasons, "reasons": reasons}
    return JsonResponse(answer, status=503 if reasons else 200, json_dumps_params={"ensure_ascii": False})
