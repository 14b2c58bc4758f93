from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from closing.forms.tax_rules import RoundingForm
from closing.models import RoundingChoice
from closing.models.labels import ROUNDINGS, TAX_CATEGORIES
from closing.tax import RULES
from closing.tax_rounding import choose_rounding, rounding_of
from closing.templatetags.figures import jdate
from stores.access import Ability, check_may, requires
from stores.audit import origin_of


@require_http_methods(["GET", "POST"])
@requires(Ability.SEE_ACCOUNTS)
def tax_rules(request):
    """消費税の計算: the 端数処理 that the company chose from which 営業日 on, beside the rates, which are the law's."""
    company, today = request.user.company, timezone.localdate()
    in_force = rounding_of(company.pk, on=today)
    form = RoundingForm(request.POST or None, initial={"rounding": in_force, "applies_from": today})
    if request.method == "POST":
        check_may(request.user, Ability.EDIT_ACCOUNTS)
        if form.is_valid():
            return save(request, form.cleaned_data)
    shown = {
        "form": form,
        "in_force": ROUNDINGS[in_force],
        "choices": RoundingChoice.objects.filter(company=company).select_related("changed_by"),
        "rules": [(TAX_CATEGORIES[rule.category], rule) for rule in sorted(RULES, key=lambda rule: rule.category.position)],
    }
    return render(request, "closing/tax_rules.html", shown)


def save(request, typed):
    choose_rounding(request.user.company, typed["rounding"], applies_from=typed["applies_from"], by=origin_of(request))
    words = {"day": jdate(typed["applies_from"]), "rounding": ROUNDINGS[typed["rounding"]]}
    messages.success(request, _("%(day)sの営業日から「%(rounding)s」で計算します。") % words)
    return redirect("closing:tax_rules")
