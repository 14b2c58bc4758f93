import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from stores.access import Ability, open_to_signed_in, requires
from stores.audit import origin_of
from stores.authenticator import enrolment_uri, in_words
from stores.forms.second_factor import EnrolForm, OwnPasswordForm, SecondFactorRuleForm
from stores.models import Company, Staff
from stores.second_factor import (
    ROLES_UNDER_THE_RULE,
    change_rule,
    enrol,
    factor_of,
    lacks_factor,
    must_have_factor,
    remove_factor,
    renew_recovery_codes,
)
from stores.second_step import OFFERED, drop_offered_secret, mark_passed, offered_secret
from stores.views.people import PEOPLE_PER_PAGE, other_person


@open_to_signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enrol_factor(request):
    """Show the secret until a code of it has come back; afterwards nobody sees it again."""
    if request.method == "POST" and OFFERED not in request.session:
        return already_set_up(request)
    secret = offered_secret(request)
    form = EnrolForm(request.POST or None, request=request, secret=secret)
    if request.method == "POST" and form.is_valid():
        factor, codes = enrol(request.user, secret, step=form.cleaned_data["code"], by=origin_of(request))
        drop_offered_secret(request)
        update_session_auth_hash(request, request.user)
        mark_passed(request, factor)
        return render(request, "stores/recovery_codes.html", {"codes": codes, "is_new_app": True})
    image = segno.make(enrolment_uri(secret, account=request.user.username), error="m").svg_data_uri(scale=4, border=4, light="white")
    shown = {"form": form, "image": image, "secret": in_words(secret), "is_replacement": factor_of(request.user) is not None}
    shown["lacks_factor"] = lacks_factor(request.user)
    return render(request, "stores/enrol_factor.html", shown)


def already_set_up(request):
    """The page of the recovery codes was loaded again, which sends the form once more; the codes are not shown twice."""
    if factor_of(request.user):
        messages.info(request, _("二段階認証は設定済みです。リカバリーコードを控えていないときは、再発行してください。"))
    return redirect("stores:account")


@open_to_signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def renew_codes(request):
    factor = factor_of(request.user)
    if factor is None:
        return redirect("stores:account")
    form = OwnPasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        codes = renew_recovery_codes(factor, by=origin_of(request))
        keep_this_session(request)
        return render(request, "stores/recovery_codes.html", {"codes": codes})
    return render(request, "stores/renew_codes.html", {"form": form, "factor": factor})


@open_to_signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def remove_own_factor(request):
    if factor_of(request.user) is None or must_have_factor(request.user):
        return redirect("stores:account")
    form = OwnPasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        remove_factor(request.user, by=origin_of(request))
        keep_this_session(request)
        messages.success(request, _("二段階認証を解除しました。次からはパスワードだけでログインします。"))
        return redirect("stores:account")
    return render(request, "stores/remove_factor.html", {"form": form})


@require_POST
@requires(Ability.EDIT_STAFF)
def reset_factor(request, pk):
    """For who has lost the phone and the recovery codes."""
    person = other_person(request, pk)
    if remove_factor(person, by=origin_of(request)):
        messages.success(
            request, _("%(person)sさんの二段階認証を解除しました。次のログインはパスワードだけです。") % {"person": person.name}
        )
    return redirect("stores:edit_staff", person.pk)


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STAFF)
def rule(request):
    """Whether the company asks its 企業管理者 and 店長 for a second factor, and who of them has one."""
    company = get_object_or_404(Company, pk=request.user.company_id)
    form = SecondFactorRuleForm(request.POST if request.method == "POST" else None, instance=company)  # no tick, no field
    if request.method == "POST" and form.is_valid():
        change_rule(company, is_required=form.cleaned_data["requires_second_factor"], by=origin_of(request))
        messages.success(request, _("登録しました。"))
        return redirect("stores:second_factor_rule")
    people = Staff.objects.visible_to(request.user).filter(role__in=ROLES_UNDER_THE_RULE, is_active=True).select_related("second_factor")
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "stores/second_factor_rule.html", {"form": form, "page": page})


def keep_this_session(request):
    """The other sessions of the person have ended; this one goes on."""
    request.user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, request.user)
