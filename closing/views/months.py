from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice

from django.contrib import messages
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from closing.forms.months import UnlockForm
from closing.models import BusinessDay, CashMovement, MonthLock
from closing.month_locks import AlreadyDecided, DaysLeft, MonthNotOver, last_of, lock_month, unlock_month
from closing.templatetags.figures import jdate
from stores.access import Ability, may, requires
from stores.audit import origin_of

MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    days: int
    unfinished: int
    # Days without a count and receipts without a decision do not stand in the way, but cannot be put right in a locked month.
    provisional: int
    unclear: int
    sales: int
    lock: MonthLock | None
    today: date

    @property
    def is_locked(self):
        return bool(self.lock and self.lock.is_locked)

    @property
    def is_over(self):
        return last_of(self.first) < self.today

    @property
    def decision(self):
        return next(iter(self.lock.decisions.all()), None) if self.lock else None


@require_GET
@requires(Ability.SEE_PORTAL)
def months(request):
    """月次締め: the months of the company, and what stands in the way of locking them."""
    shown = {"months": list(months_of(request.user)), "may_lock": may(request.user, Ability.LOCK_MONTH), "form": UnlockForm()}
    return render(request, "closing/months.html", shown)


def months_of(person):
    locks = MonthLock.objects.filter(company=person.company_id).prefetch_related("decisions__by")
    by_month = {lock.month: lock for lock in locks}
    unclear, today = unclear_by_month(person), timezone.localdate()
    for month, dates in islice(groupby(dates_of(person), key=lambda row: row["date"].replace(day=1)), MONTHS_SHOWN):
        sums = Counter()
        for row in dates:
            sums.update({name: int(row[name]) for name in ("days", "unfinished", "provisional", "sales")})
        yield Month(month, unclear=unclear.get(month, 0), lock=by_month.get(month), today=today, **sums)


def dates_of(person):
    """The sums of each date, the latest first: SQLite would call into Python for the month of each single day."""
    unfinished = Q(state=BusinessDay.State.OPEN) | Q(entries__gt=F("closed_entries"))
    return (
        BusinessDay.objects.visible_to(person)
        .order_by()
        .values("date")
        .annotate(days=Count("pk"), unfinished=Count("pk", filter=unfinished), sales=Sum("sales_total"))
        .annotate(provisional=Count("pk", filter=Q(is_provisional=True)))
        .order_by("-date")
    )


def unclear_by_month(person):
    """How many receipts of each month still have a 登録番号 that is 要確認."""
    unclear = CashMovement.objects.visible_to(person).standing().unclear().order_by()
    return dict(unclear.values_list(TruncMonth("day__date")).annotate(Count("pk")))


def month_named(name):
    try:
        return datetime.strptime(name, "%Y-%m").date()  # noqa: DTZ007 (a month has no time zone)
    except ValueError:
        raise Http404 from None


@require_POST
@requires(Ability.LOCK_MONTH)
def lock(request, name):
    month = month_named(name)
    try:
        lock_month(request.user.company, month, by=origin_of(request), today=timezone.localdate())
    except MonthNotOver:
        messages.warning(request, _("月が終わってから締めてください。"))
    except AlreadyDecided:
        messages.info(request, _("この月は締め済みです。"))
    except DaysLeft as refusal:
        messages.warning(request, sentence_of(refusal.days))
    else:
        messages.success(request, _("%(month)sを締めました。") % {"month": date_format(month, "YEAR_MONTH_FORMAT")})
    return redirect("closing:months")


def sentence_of(days):
    first = days[0]
    return _("締められません。%(store)s %(date)sなど%(days)s日が、閉局していないか、閉局後に変更されています。") % {
        "store": first.store.name,
        "date": jdate(first.date),
        "days": len(days),
    }


@require_POST
@requires(Ability.LOCK_MONTH)
def unlock(request, name):
    month, form = month_named(name), UnlockForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("締めを解除する理由を入力してください。"))
        return redirect("closing:months")
    try:
        unlock_month(request.user.company, month, reason=form.cleaned_data["reason"], by=origin_of(request))
    except AlreadyDecided:
        messages.info(request, _("この月は締められていません。"))
    else:
        messages.success(request, _("%(month)sの締めを解除しました。") % {"month": date_format(month, "YEAR_MONTH_FORMAT")})
    return redirect("closing:months")
