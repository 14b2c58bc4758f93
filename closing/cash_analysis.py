"""現金差異 over a period, per store, register or person: what the last 日計 of each day froze of every counted register. Money in yen."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet, Sum

from closing.analysis_period import Span
from closing.models import ClosingRegister
from closing.sales_trend import Trend, trend_of
from stores.models import Register, Staff, Store

OVER, SHORT = Q(cash_difference__gt=0), Q(cash_difference__lt=0)


class Grouped(StrEnum):
    STORE = "STORE"
    REGISTER = "REGISTER"
    PERSON = "PERSON"


KEYS = {Grouped.STORE: F("register__store"), Grouped.REGISTER: F("register"), Grouped.PERSON: F("counted_by")}


@dataclass(frozen=True, slots=True)
class Differences:
    """The 現金差異 of one store, register or person. Shorts are counted upwards, `beyond` are those over the store's tolerance."""

    counts: int
    overs: int
    over_count: int
    shorts: int
    short_count: int
    beyond: int
    before: int = 0
    store_code: str = ""
    store_name: str = ""
    number: int | None = None
    person_code: str = ""
    person_name: str = ""

    @property
    def net(self) -> int:
        return self.overs - self.shorts


def differences_by(grouped: Grouped, stores: QuerySet[Store], span: Span, before: Span) -> list[Differences]:
    """Return the differences of the span, those with most outside the tolerance first, each with the net of the period before.

    All that were counted are only counted; the sums are read from the few that were off.
    """
    key = KEYS[grouped]
    counts = dict(_counted(stores, span).values_list(key).annotate(Count("pk")))
    earlier = _counted(stores, before).off().values_list(key).annotate(Sum("cash_difference"))
    nets = {of: int(net) for of, net in earlier}
    off = {row.pop("of"): row for row in _counted(stores, span).off().values(of=key).annotate(**_SUMS)}
    found = [
        Differences(counts=counts[of], before=nets.get(of, 0), **(_whole(off[of]) if of in off else _NONE_OFF), **names)
        for of, names in _named(grouped, stores, counts).items()
        if of in counts
    ]
    return sorted(found, key=lambda row: (-row.beyond, -(row.overs + row.shorts), row.store_code, row.number or 0, row.person_code))


def sum_of(rows: Iterable[Differences]) -> Differences:
    """Return all of them together."""
    every = list(rows)
    names = ("counts", "overs", "over_count", "shorts", "short_count", "beyond", "before")
    return Differences(**{name: sum(getattr(row, name) for row in every) for name in names})


def trend_of_differences(stores: QuerySet[Store], spans: tuple[Span, ...], *, over: str, short: str) -> Trend:
    """Return 過剰 (upwards) and 不足 (downwards) over time, under these two names; both are there also when every drawer was right."""
    whole = Span(spans[0].first, spans[-1].last)
    rows: list[tuple[Hashable, date, int, int]] = [("over", whole.first, 0, 0), ("short", whole.first, 0, 0)]
    sums = _counted(stores, whole).off().values_list("date").annotate(overs=_OVERS, shorts=_SHORTS)
    for day, overs, shorts in sums:
        rows += [("over", day, int(overs), 0), ("short", day, -int(shorts), 0)]
    return trend_of(spans, rows, names={"over": over, "short": short}, before={})


def _counted(stores, span):
    """The registers that somebody counted: 仮閉局 and 本日未使用 without a count have no difference."""
    drawers = ClosingRegister.objects.of_last_revisions_between(span.first, span.last)
    return drawers.filter(register__store__in=stores, counted_by__isnull=False).order_by()


def _named(grouped, stores, keys):
    """Return what each store, register or person is called, by its key; also of those of which nothing was counted."""
    rows, names = {
        Grouped.STORE: (stores, {"store_code": F("code"), "store_name": F("name")}),
        Grouped.REGISTER: (Register.objects.filter(store__in=stores), {"store_code": F("store__code"), "store_name": F("store__name")}),
        Grouped.PERSON: (Staff.objects.filter(pk__in=keys), {"person_code": F("code"), "person_name": F("name")}),
    }[grouped]
    own = ("number",) if grouped is Grouped.REGISTER else ()
    return {row.pop("pk"): row for row in rows.order_by().values("pk", *own, **names)}


_TOLERANCE = F("register__store__difference_tolerance")
_OVERS = Sum("cash_difference", filter=OVER, default=0)
_SHORTS = -Sum("cash_difference", filter=SHORT, default=0)
_SUMS = {
    "overs": _OVERS,
    "over_count": Count("pk", filter=OVER),
    "shorts": _SHORTS,
    "short_count": Count("pk", filter=SHORT),
    "beyond": Count("pk", filter=Q(cash_difference__gt=_TOLERANCE) | Q(cash_difference__lt=-_TOLERANCE)),
}
_NONE_OFF = dict.fromkeys(_SUMS, 0)


def _whole(row):
    """PostgreSQL adds whole numbers up to a decimal."""
    return {name: int(row[name]) for name in _SUMS}
