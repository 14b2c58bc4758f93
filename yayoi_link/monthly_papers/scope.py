"""Whose month the papers are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from closing.models import BusinessDay
from closing.month_locks import last_of
from stores.models import Company, Staff, Store
from yayoi_link.importfile import Dialect


@dataclass(frozen=True)
class PapersScope:
    """The stores of the month that begins with `month`, as `made_by` asked for them on the date `today`.

    `store_set` are these stores for a question to the database: a thousand are neither read nor named one by one. `size` is how
    many there are. `is_whole`: no store of the company that could trade is left out.
    """

    company: Company
    month: date
    store_set: QuerySet[Store]
    size: int
    is_whole: bool
    made_by: Staff
    dialect: Dialect
    today: date

    @property
    def last(self) -> date:
        return last_of(self.month)

    @property
    def span(self) -> tuple[date, date]:
        return (self.month, self.last)

    @cached_property
    def stores(self) -> tuple[Store, ...]:
        """The stores by code, read once."""
        stores = tuple(self.store_set.order_by("code", "pk"))
        for each in stores:
            each.company = self.company
        return stores

    @property
    def codes(self) -> list[str]:
        """The codes that names of files carry: the company's, and the store's where there is one only."""
        return [self.company.code, *([self.stores[0].code] if self.size == 1 and not self.is_whole else [])]

    @property
    def name(self) -> str:
        """What the ZIP is called, without its ending."""
        part = ["一部店舗"] if self.size > 1 and not self.is_whole else []
        return "_".join(["税理士向け月次資料", *self.codes, f"{self.month:%Y-%m}", *part])


def scope_for(person: Staff, month: date, *, store: Store | None, dialect: Dialect, today: date) -> PapersScope | None:
    """Return what the person sees of the month, or one store of it; None when that is nothing."""
    every = traded_in(Store.objects.filter(company=person.company_id), month).count()
    visible = traded_in(Store.objects.visible_to(person), month)
    asked = visible if store is None else visible.filter(pk=store.pk)
    if not opened_in(asked, month).exists():
        return None
    size = asked.count()
    return PapersScope(person.company, month, asked, size, size == every, person, dialect, today)


def traded_in(stores: QuerySet[Store], month: date) -> QuerySet[Store]:
    """Return the shops that could trade in the month, in no order; one that was retired before counts when it traded all the same."""
    in_use = Q(retired_on=None) | Q(retired_on__gt=month) | Q(_is_opened_in(month))
    return stores.retail().filter(in_use).order_by()


def opened_in(stores: QuerySet[Store], month: date) -> QuerySet[Store]:
    """Return the stores that have a 営業日 in the month."""
    return stores.filter(_is_opened_in(month))


def _is_opened_in(month: date) -> Exists:
    return Exists(BusinessDay.objects.filter(store=OuterRef("pk"), date__range=(month, last_of(month))))
