"""What of the days' books needs a person: days that are not closed or have changed, slips to decide about, drawers that were off."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DateField, Exists, F, Max, Min, OuterRef
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from closing.models import BusinessDay, CashMovement, ClosingRegister, KeptSlip, MonthLock, Slip
from closing.month_locks import locked_months
from stores.access import Ability, may
from stores.needs import Finding, Gravity, Need, only_store, step_for, tells_needs

LOOKS_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of need: its word and icon, what it means, and what its button says to whoever may do something about it."""

    name: str
    gravity: Gravity
    word: Promise
    icon: str
    meaning: Promise
    step: Promise
    ability: Ability
    look: str = "warn"

    def need(self, person, findings, page, amount=""):
        place = {"page": page, "findings": tuple(findings), "amount": amount}
        said = place | step_for(person, self.ability, self.step)
        return Need(self.name, self.gravity, self.word, self.icon, self.look, self.meaning, **said)


CHANGED = Kind(
    "changed", Gravity.BOOKS_INCOMPLETE, _("閉局後に変更あり"), "pencil-square",
    _("閉局のあとに登録された伝票や入出金が、日計にも弥生にも入っていません。"), _("確かめて閉局し直す"), Ability.CORRECT_SLIPS,
)  # fmt: skip
OVERDUE = Kind(
    "overdue", Gravity.DAY_UNFINISHED, _("閉局忘れ"), "exclamation-triangle",
    _("締め時刻を過ぎても閉局していません。閉局するまで、その日の売上は弥生に送られません。"), _("閉局する"), Ability.CLOSE_DAY, "bad",
)  # fmt: skip
PROVISIONAL = Kind(
    "provisional", Gravity.DAY_UNFINISHED, _("仮閉局"), "calculator",
    _("現金が数えられていません。レジ業務でその営業日を開き、「現金を数え直す」から入力してください。"), _("日計を見る"), Ability.CORRECT_SLIPS,
)  # fmt: skip
EXCESS = Kind(
    "excess", Gravity.DECISION_WANTED, _("取消の超過"), "receipt-refund",
    _("赤伝票が、元の伝票の金額を超えて取り消しています。返金の二重や金額の誤りかもしれません。"), _("伝票を確かめる"), Ability.CORRECT_SLIPS,
)  # fmt: skip
KEPT = Kind(
    "kept", Gravity.DECISION_WANTED, _("保留"), "inbox",
    _("レジやCSVから届き、そのままでは登録できなかった伝票です。"), _("登録するかどうかを決める"), Ability.CORRECT_SLIPS,
)  # fmt: skip
UNCLEAR = Kind(
    "unclear", Gravity.DECISION_WANTED, _("登録番号が要確認"), "question-mark-circle",
    _("領収書の登録番号が決まるまでは、登録番号がないものとして弥生に送ります。"), _("領収書を確かめる"), Ability.CORRECT_SLIPS,
)  # fmt: skip
DIFFERENCE = Kind(
    "difference", Gravity.LOOK_WANTED, _("許容額を超えた現金差異"), "scale",
    _("原因がわかったら、レジ業務の「過不足の原因判明」に登録します。わからないときは、確認したことを残します。"), _("差異を確かめる"),
    Ability.RECLOSE_DAY,
)  # fmt: skip
UNLOCKED = Kind(
    "unlocked", Gravity.UPKEEP, _("月次締めがまだです"), "lock-open",
    _("すべての営業日が閉局していれば締められます。締めると、あとから金額が変わりません。"), _("月次締めへ"), Ability.LOCK_MONTH, "wait",
)  # fmt: skip


@tells_needs
def overdue_days(person, at):
    """Yield the days that are still open after the 締め時刻 of their store, for everybody who sees them."""
    findings = findings_of(BusinessDay.objects.visible_to(person).overdue(at).order_by())
    if findings:
        yield OVERDUE.need(person, findings, _page_of_overdue(person, findings))


def _page_of_overdue(person, findings):
    first = findings[0]
    if (len(findings), first.count) == (1, 1) and may(person, Ability.CLOSE_DAY):
        return f"{reverse('closing:till')}?store={first.store_code}&date={first.oldest}"
    return _page_of_days("OVERDUE", findings)


@tells_needs
def days_to_close_again(person, at):
    """Yield what closed days lack, for those who answer for the books."""
    if not may(person, Ability.RECONCILE):
        return
    days = BusinessDay.objects.visible_to(person).order_by()
    provisional = in_open_months(days.provisional(), company="store__company", date="date")
    for kind, found in ((CHANGED, days.changed_after_close()), (PROVISIONAL, provisional)):
        if findings := findings_of(found):
            yield kind.need(person, findings, _page_of_days(kind.name.upper(), findings))


def _page_of_days(state, findings):
    first = findings[0]
    if (len(findings), first.count) == (1, 1):
        return reverse("closing:day", args=[first.store_code, first.oldest])
    return f"{reverse('closing:days')}?state={state}&store={only_store(findings)}"


@tells_needs
def slips_to_decide_about(person, at):
    """Yield 保留 and 取消の超過, for those who answer for the books."""
    if not may(person, Ability.RECONCILE):
        return
    kept = findings_of(KeptSlip.objects.visible_to(person).waiting().order_by(), date=None)
    excess = findings_of(Slip.objects.visible_to(person).of_excess().order_by(), "day__store", date=None)
    if excess:
        page = f"{reverse('closing:slips')}?excess=on&store={only_store(excess)}"
        yield EXCESS.need(person, excess, page, amount_of(excess))
    if kept:
        yield KEPT.need(person, kept, f"{reverse('closing:kept_slips')}?store={only_store(kept)}", amount_of(kept))


@tells_needs
def receipts_to_look_at(person, at):
    """Yield the expenses whose 登録番号 nobody has decided, for those who answer for the books."""
    if not may(person, Ability.RECONCILE):
        return
    findings = _receipts_by_store(person)
    if findings:
        yield UNCLEAR.need(person, findings, reverse("closing:unclear_receipts"), amount_of(findings))


def _receipts_by_store(person):
    """Count them here: SQLite would work out the month of every day to find the few with such a receipt."""
    named = unclear_receipts(person).order_by().values_list("day__date", "day__store__code", "day__store", "day__store__name")
    locked = locked_months(person.company_id)
    counts = Counter(tuple(place) for day, *place in named if day.replace(day=1) not in locked)
    return [Finding(pk, code, name, count) for (code, pk, name), count in sorted(counts.items())]


def undecided_receipts(person):
    """The expenses that the person sees and whose tax cannot be deducted rightly until somebody has looked at the receipt."""
    return in_open_months(unclear_receipts(person), company="day__store__company", date="day__date")


def unclear_receipts(person):
    return CashMovement.objects.visible_to(person).standing().unclear()


@tells_needs
def differences_to_look_at(person, at):
    """Yield the drawers that were off by more than the tolerance, until one of those responsible has looked or the cause is found."""
    if not may(person, Ability.RECLOSE_DAY):
        return
    today = localdate(at)
    alerts = differences_unseen(person).between(today - LOOKS_BACK, today)
    findings = findings_of(alerts.order_by(), "register__store")
    if findings:
        page = f"{reverse('closing:cash_differences')}?unseen=on&store={only_store(findings)}"
        yield DIFFERENCE.need(person, findings, page)


def differences_unseen(person):
    """The registers whose difference beyond the tolerance has not been looked at, nor wholly explained."""
    off = ClosingRegister.objects.visible_to(person).of_last_revisions().beyond_tolerance().unseen()
    return off.unexplained()


@tells_needs
def month_to_lock(person, at):
    """Yield the last month when its 月次締め is missing, for those who see all stores of the company."""
    if not person.sees_all_stores:
        return
    last_day = localdate(at).replace(day=1) - timedelta(days=1)
    month = last_day.replace(day=1)
    days = BusinessDay.objects.visible_to(person).filter(date__range=(month, last_day))
    locked = MonthLock.objects.filter(company=person.company_id, month=month, is_locked=True)
    if days.exists() and not locked.exists():
        yield UNLOCKED.need(person, (), reverse("closing:months"), date_format(month, "YEAR_MONTH_FORMAT"))


def in_open_months(rows, *, company, date):
    """Leave out what lies in a locked month: it waits for the unlocking."""
    locked = MonthLock.objects.filter(company=OuterRef(company), month=OuterRef("month"), is_locked=True)
    return rows.annotate(month=TruncMonth(date, output_field=DateField())).exclude(Exists(locked))


def findings_of(rows: Iterable, store="store", *, date="date") -> list[Finding]:
    """Count the rows per store, in one query; with the first and last of their business days."""
    named = {"store_pk": F(store), "store_code": F(f"{store}__code"), "store_name": F(f"{store}__name")}
    span = {"oldest": Min(date), "latest": Max(date)} if date else {}
    counted = rows.values(**named).annotate(count=Count("pk"), **span).order_by("store_code", "store_pk")
    return [Finding(**row) for row in counted]


def amount_of(findings):
    count = sum(finding.count for finding in findings)
    return ngettext("%(slips)s件", "%(slips)s件", count) % {"slips": count}
