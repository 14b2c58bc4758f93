from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from stores.access import open_to_signed_in
from stores.audit import SIGN_INS, origin_of
from stores.models import AuditEntry, Language
from stores.second_factor import factor_of, must_have_factor
from stores.staff_accounts import end_other_sessions
from stores.views.second_factor import keep_this_session

LOOKED_BACK = timedelta(days=90)
SIGN_INS_SHOWN = 20


@open_to_signed_in
@never_cache
@require_GET
def account(request):
    """One's own sign-in: password, second factor, and who has been in the account."""
    since = timezone.now() - LOOKED_BACK
    sign_ins = AuditEntry.objects.about_account_of(request.user).filter(action__in=SIGN_INS, at__gte=since).select_related("store")
    shown = {"sign_ins": sign_ins[:SIGN_INS_SHOWN], "factor": factor_of(request.user), "must_have_factor": must_have_factor(request.user)}
    return render(request, "stores/account.html", shown | {"languages": Language.choices})


@open_to_signed_in
@require_POST
def end_sessions(request):
    end_other_sessions(request.user, by=origin_of(request))
    keep_this_session(request)
    messages.success(request, _("ほかの画面のログインをすべて終了しました。"))
    return redirect("stores:account")
