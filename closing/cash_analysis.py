"""現金差異 over a period, per store, register or person: what the last 日計 of each day froze of every counted register. Money in yen."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from closing.analysis_period import Span
from closing.models import ClosingRegister
from closing.sales_trend import Trend, trend_of
from stores.models import Store

OVER, SHORT = Q(cash_difference__gt=0), Q(cash_difference__lt=0)


class Grouped(StrEnum):
    STORE = "STORE"
    REGISTER = "REGISTER"
    PERSON = "PERSON"


STORE_NAMES = {"store_code": F("closing__day__store__code"), "store_name": F("closing__day__store__name")}
NAMES = {
    Grouped.STORE: STORE_NAMES,
    Grouped.REGISTER: STORE_NAMES | {"number": F("register__number")},
    # Who counted the register; where nobody is known, who closed the day.
    Grouped.PERSON: {
        "person_code": Coalesce("closing__day__register_days__counted_by__code", "closing__closed_by__code"),
        "person_name": Coalesce("closing__day__register_days__counted_by__name", "closing__closed_by__name"),
    },
}


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
    """Return the differences of the span, those with most outside the tolerance first, each with the net of the period before."""
    names = NAMES[grouped]
    earlier = _counted(stores, before, grouped).off().values(**names).annotate(net=Sum("cash_difference"))
    nets = {tuple(row[name] for name in names): int(row["net"]) for row in earlier}
    rows = _counted(stores, span, grouped).values(**names).annotate(**_SUMS)
    found = [Differences(before=nets.get(tuple(row[name] for name in names), 0), **_whole(row)) for row in rows]
    return sorted(found, key=lambda row: (-row.beyond, -(row.overs + row.shorts), row.store_code, row.number or 0, row.person_code))


def sum_of(rows: Iterable[Differences]) -> Differences:
    """Return all of them together."""
    every = list(rows)
    names = ("counts", "overs", "over_count", "shorts", "short_count", "beyond", "before")
    return Differences(**{name: sum(getattr(row, name) for row in every) for name in names})


def trend_of_differences(stores: QuerySet[Store], spans: tuple[Span, ...], *, over: str, short: str) -> Trend:
    """Return 過剰 (upwards) and 不足 (downwards) over time, under these two names."""
    sums = (
        _counted(stores, Span(spans[0].first, spans[-1].last), Grouped.STORE)
        .values_list("closing__day__date")
        .annotate(overs=Sum("cash_difference", filter=OVER, default=0), downwards=Sum("cash_difference", filter=SHORT, default=0))
    )
    rows: list[tuple[Hashable, date, int, int]] = []
    for day, overs, downwards in sums:
        rows += [("over", day, int(overs), 0), ("short", day, int(downwards), 0)]
    return trend_of(spans, rows, names={"over": over, "short": short}, before={})


def _counted(stores, span, grouped):
    """The registers that somebody counted: 仮閉局 and 本日未使用 without a count have no difference."""
    rows = ClosingRegister.objects.of_last_revisions().filter(
        closing__day__store__in=stores, closing__day__date__range=(span.first, span.last), actual_cash__isnull=False
    )
    if grouped is Grouped.PERSON:
        rows = rows.filter(closing__day__register_days__register=F("register"))
    return rows.order_by()


_TOLERANCE = F("closing__day__store__difference_tolerance")
_SUMS = {
    "counts": Count("pk"),
    "overs": Sum("cash_difference", filter=OVER, default=0),
    "over_count": Count("pk", filter=OVER),
    "shorts": -Sum("cash_difference", filter=SHORT, default=0),
    "short_count": Count("pk", filter=SHORT),
    "beyond": Count("pk", filter=Q(cash_difference__gt=_TOLERANCE) | Q(cash_difference__lt=-_TOLERANCE)),
}


def _whole(row):
    """PostgreSQL adds whole numbers up to a decimal."""
    return row | {name: int(row[name]) for name in _SUMS}
