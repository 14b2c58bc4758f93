from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from regi_admin.readiness import reasons_not_ready
from stores.access import Ability, allowed_at_till, open_to_everyone, requires


@require_GET
@requires(Ability.SEE_PORTAL)
def top(request):
    return render(request, "top.html")


@open_to_everyone
@allowed_at_till
@require_POST
def change_language(request):
    return set_language(request)


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
