"""Whose month the papers are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from closing.models import BusinessDay
from closing.month_locks import last_of
from stores.models import Company, Staff, Store
from yayoi_link.importfile import Dialect


@dataclass(frozen=True, slots=True)
class PapersScope:
    """The stores of the month that begins with `month`. `is_whole`: no store of the company that could trade is left out."""

    company: Company
    month: date
    stores: tuple[Store, ...]
    is_whole: bool
    made_by: Staff
    dialect: Dialect

    @property
    def last(self) -> date:
        return last_of(self.month)

    @property
    def span(self) -> tuple[date, date]:
        return (self.month, self.last)

    @property
    def codes(self) -> list[str]:
        """The codes that names of files carry: the company's, and the store's where there is one only."""
        return [self.company.code, *([self.stores[0].code] if len(self.stores) == 1 and not self.is_whole else [])]

    @property
    def name(self) -> str:
        """What the ZIP is called, without its ending."""
        part = ["一部店舗"] if len(self.stores) > 1 and not self.is_whole else []
        return "_".join(["税理士向け月次資料", *self.codes, f"{self.month:%Y-%m}", *part])


def scope_for(person: Staff, month: date, *, store: Store | None, dialect: Dialect) -> PapersScope | None:
    """Return what the person sees of the month, or one store of it; None when that is nothing."""
    every = set(traded_in(Store.objects.filter(company=person.company_id), month))
    visible = list(traded_in(Store.objects.visible_to(person), month))
    chosen = tuple(each for each in visible if store is None or each == store)
    is_traded = BusinessDay.objects.filter(store__in=chosen, date__range=(month, last_of(month))).exists()
    return PapersScope(person.company, month, chosen, set(chosen) == every, person, dialect) if is_traded else None


def traded_in(stores: Iterable[Store], month: date) -> Iterable[Store]:
    """Return the shops that could trade in the month, by code; one that was retired before counts when it traded all the same."""
    days = BusinessDay.objects.filter(date__range=(month, last_of(month)))
    in_use = Q(retired_on=None) | Q(retired_on__gt=month) | Q(pk__in=days.values("store"))
    return stores.retail().filter(in_use).select_related("company").order_by("code", "pk")
