"""What a company closes and books, as the operator may see it: how many, never which."""

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores.usage import counted_as


def _days_of_month(company, today):
    return BusinessDay.objects.filter(store__company=company, date__gte=today.replace(day=1), date__lte=today)


@counted_as(_("今月の営業日（閉局済み）"))
def _closed_days(company, today):
    return _days_of_month(company, today).filter(state=BusinessDay.State.CLOSED).count()


@counted_as(_("今月の伝票"))
def _slips(company, today):
    return _days_of_month(company, today).aggregate(slips=Sum("slip_count", default=0))["slips"]


@counted_as(_("最後に閉局した営業日"))
def _last_closed(company, today):
    closed = BusinessDay.objects.filter(store__company=company, state=BusinessDay.State.CLOSED)
    return closed.aggregate(last=Max("date"))["last"]
