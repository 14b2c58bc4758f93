"""利用状況: how much a company uses the portal, for the operator. Every app counts what it has; none names a slip, a yen or a link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.models import Company, Register

Count = Callable[[Company, date], int | date | None]


@dataclass(frozen=True, slots=True)
class UsageFigure:
    """One figure: `count` asks for a company and the present day, and may find nothing (None)."""

    label: Promise
    count: Count


_figures: list[UsageFigure] = []


def counted_as(label: Promise) -> Callable[[Count], Count]:
    """Decorate what counts something of a company: the operator sees it under this label."""

    def register(count: Count) -> Count:
        _figures.append(UsageFigure(label, count))
        return count

    return register


def usage_of(company: Company, *, today: date) -> list[tuple[Promise, int | date | None]]:
    """Return each figure with its label."""
    return [(figure.label, figure.count(company, today)) for figure in _figures]


@counted_as(_("利用中の店舗"))
def _stores(company, today):
    return company.stores.retail().in_use().count()


@counted_as(_("利用中のレジ"))
def _registers(company, today):
    return Register.objects.in_use().filter(store__in=company.stores.retail().in_use()).count()


@counted_as(_("利用中の担当者"))
def _people(company, today):
    return company.staff.filter(is_active=True).count()
