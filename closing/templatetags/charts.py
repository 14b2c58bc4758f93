"""Amounts and places as the charts write them."""

from django import template
from django.utils.translation import gettext as _

from closing.charts import Slot
from closing.templatetags.figures import yen

register = template.Library()

HUNDRED_MILLION, TEN_THOUSAND = 10**8, 10**4


@register.filter
def across(place):
    """1234 → 12.34%: a place in a drawing, whatever the language writes in numbers."""
    return f"{place // 100}.{place % 100:02}%"


@register.filter
def axis_yen(amount):
    """200000 → 20万円: short enough to stand beside a chart."""
    if amount and amount % HUNDRED_MILLION == 0:
        return _("%(number)s億円") % {"number": f"{amount // HUNDRED_MILLION:,}"}
    if amount and amount % TEN_THOUSAND == 0:
        return _("%(number)s万円") % {"number": f"{amount // TEN_THOUSAND:,}"}
    return yen(amount)


@register.filter
def percent(permille):
    """123 → 12.3%; a dash where there is nothing to compare with."""
    if permille is None:
        return "－"
    return f"{'-' if permille < 0 else ''}{abs(permille) // 10}.{abs(permille) % 10}%"


@register.filter
def signed_percent(permille):
    return f"+{percent(permille)}" if permille and permille > 0 else percent(permille)


@register.filter
def change_in_words(difference):
    """-1200 → ¥1,200 少ない: a sign alone is easily missed."""
    if difference == 0:
        return _("同額")
    amount = {"amount": yen(abs(difference))}
    return _("%(amount)s 多い") % amount if difference > 0 else _("%(amount)s 少ない") % amount


def slots_of_dates(dates, names):
    """A slot per date: Mondays have their date under them, weekends are set off."""
    return [
        Slot(name, f"{day.month}/{day.day}" if day.weekday() == 0 else "", day.weekday() >= 5)
        for day, name in zip(dates, names, strict=True)
    ]
