"""What the last 日計 of stores came to by date, 支払方法 and 税区分, kept for whoever asks next. Money in yen.

A 日計 never changes and a later close only adds one, so that sums belong to the closes that they are of: their key is made of these, and
what is found under it is not out of date. A close makes a new key for its date, and nobody asks for the old one again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, F, QuerySet, Sum

from closing.analysis_period import Span
from closing.models import BusinessDay, ClosingLine
from stores.models import Store

KEPT_FOR = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class ReportedSum:
    """What was booked on one date by one 支払方法 under one 税区分, and the tax in it."""

    date: date
    method_id: int
    category: str
    amount: int
    tax: int


def reported_sums(stores: QuerySet[Store], span: Span) -> list[ReportedSum]:
    """Return what the last 日計 of the stores' days in the span came to. Two queries, and one more for dates that are not kept yet."""
    keys = _keys(stores, span)
    kept = cache.get_many(keys.values())
    missing = {day: key for day, key in keys.items() if key not in kept}
    if missing:
        added_up = _add_up(stores, missing)
        found = {key: tuple(added_up[day]) for day, key in missing.items()}
        cache.set_many(found, KEPT_FOR)
        kept |= found
    return [each for key in keys.values() for each in kept[key]]


def _keys(stores: QuerySet[Store], span: Span) -> dict[date, str]:
    """Return for each date with a 営業日 the name of its sums: of which stores, and of how many closes with how many rows."""
    pks = stores.order_by("pk").values_list("pk", flat=True)
    of_stores = sha256(",".join(map(str, pks)).encode()).hexdigest()
    days = BusinessDay.objects.filter(store__in=stores, date__range=(span.first, span.last)).order_by()
    closes = days.values_list("date").annotate(Count("pk"), Sum("revision"), Sum("closed_entries"))
    return {day: f"reported:{of_stores}:{day}:{count}:{revisions}:{rows}" for day, count, revisions, rows in closes}


def _add_up(stores: QuerySet[Store], dates: Iterable[date]) -> dict[date, list[ReportedSum]]:
    found = defaultdict(list)
    for each in _sums(stores, dates):
        found[each.date].append(each)
    return found


def _sums(stores: QuerySet[Store], dates: Iterable[date]) -> Iterator[ReportedSum]:
    lines = ClosingLine.objects.filter(
        closing__day__store__in=stores, closing__day__date__in=dates, closing__revision=F("closing__day__revision")
    )
    names = ("closing__day__date", "method_id", "category")
    for *place, amount, tax in lines.order_by().values_list(*names).annotate(Sum("amount"), Sum("tax")):
        yield ReportedSum(*place, int(amount), int(tax))
