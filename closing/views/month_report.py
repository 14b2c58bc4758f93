from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.shortcuts import render
from django.views.decorators.http import require_GET

from closing.figures import DayFigures
from closing.forms.days import CalendarForm
from closing.models import BusinessDay, Closing, Holiday, MonthLock
from closing.month_report import group_amounts, month_report
from closing.views.months import month_named
from stores.access import Ability, requires
from stores.models import Store


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One date of the month. Without figures nothing was closed on it."""

    date: date
    day: BusinessDay | None
    figures: DayFigures | None
    is_holiday: bool

    @property
    def groups(self):
        return group_amounts(self.figures)


@require_GET
@requires(Ability.SEE_PORTAL)
def report(request, name):
    """月報 of one store: the one asked for, else the first that the person sees."""
    month = month_named(name)
    form = CalendarForm({"month": name, "store": request.GET.get("store", "")}, reader=request.user)
    store = form.chosen_store() or Store.objects.visible_to(request.user).retail().select_related("company").first()
    form.fields["store"].empty_label = None
    shown = {
        "form": form,
        "month": month,
        "store": store,
        "previous": (month - timedelta(days=1)).replace(day=1),
        "next": (month + timedelta(days=31)).replace(day=1),
        "is_locked": MonthLock.objects.filter(company=request.user.company_id, month=month, is_locked=True).exists(),
    }
    return render(request, "closing/month_report.html", shown | (figures_of_month(store, month) if store else {}))


def figures_of_month(store, month):
    """What was closed, date by date, and what was not: a missing day must be seen."""
    dates = [month + timedelta(days=number) for number in range(monthrange(month.year, month.month)[1])]
    days = {day.date: day for day in BusinessDay.objects.filter(store=store, date__range=(dates[0], dates[-1])).select_related("store")}
    last = Closing.objects.filter(day__in=days.values(), revision=F("day__revision")).select_related("day")
    figures = {closing.day.date: closing.figures for closing in last.order_by("day__date", "pk")}
    holidays = set(Holiday.objects.filter(store=store, date__range=(dates[0], dates[-1])).values_list("date", flat=True))
    unfinished = sum(day.is_open or day.changed_after_close for day in days.values())
    rows = [ReportRow(each, days.get(each), figures.get(each), each in holidays) for each in dates]
    return {"report": month_report(figures), "rows": rows, "unfinished": unfinished}
