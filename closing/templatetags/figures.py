from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def yen(amount):
    """1234 → ¥1,234 and -1234 → -¥1,234; nothing for a figure that nobody has."""
    if amount is None or amount == "":
        return ""
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,}"


@register.filter
def report_yen(amount):
    """As on paper: 1234 → ¥1,234 and -1234 → △1,234. A △ is seen where a thin minus is not."""
    return f"△{-amount:,}" if amount and amount < 0 else yen(amount)


@register.filter
def number(count):
    """2304 → 2,304; nothing for a count that nobody has."""
    return "" if count is None or count == "" else f"{count:,}"


@register.filter
def jdate(day):
    """2026年4月1日(水); nothing for a day that nobody has."""
    if not day:
        return ""
    parts = {"year": day.year, "month": day.month, "day": day.day, "weekday": WEEKDAYS_ABBR[day.weekday()]}
    return _("%(year)s年%(month)s月%(day)s日(%(weekday)s)") % parts
