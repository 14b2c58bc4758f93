from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from stores.access import allowed_at_till, open_to_everyone
from stores.audit import AuditAction, origin_of
from stores.forms.sign_in import SignInForm
from stores.sign_in import SignInRefused, authenticate_staff
from stores.views.second_step import after_password

COMPANY_COOKIE = "regi_company"
COMPANY_COOKIE_AGE = timedelta(days=365)


@open_to_everyone
@allowed_at_till
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request):
    if is_at_portal(request):
        return redirect("top")
    form = SignInForm(request.POST or None, initial={"company_code": request.COOKIES.get(COMPANY_COOKIE, "")}).focus_first_empty()
    if request.method == "POST" and form.is_valid():
        try:
            person = authenticate_staff(request, **form.cleaned_data)
        except SignInRefused:
            form.add_error(None, refusal())
        else:
            return remembering_company(after_password(request, person, safe_next(request)), person)
    return render(request, "stores/sign_in.html", {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))})


@open_to_everyone
@allowed_at_till
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        origin_of(request).record(AuditAction.SIGNED_OUT, store=request.till_store, subject=str(request.user))
    logout(request)
    return redirect("stores:sign_in")


def is_at_portal(request):
    return request.user.is_authenticated and request.user.company_id is not None and request.till_store is None


def refusal():
    """The one sentence for every failure, a lockout included: it tells nobody which codes exist."""
    return _(
        "ログインできませんでした。企業コード・担当者コード・パスワードをご確認ください。"
        "続けて失敗すると、安全のためしばらくログインできなくなります。その場合は15分ほど待ってからお試しください。"
    )


def safe_next(request):
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def remembering_company(response, person):
    response.set_cookie(
        COMPANY_COOKIE,
        person.company.code,
        max_age=COMPANY_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
