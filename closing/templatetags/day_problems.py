"""What of the days' books waits for a person: days that changed after their close, days without a count, slips to look at, 保留."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.db.models import Count, DateField, Exists, F, Max, Min, OuterRef
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay, KeptSlip, MonthLock, Slip
from stores.access import Ability, may

register = template.Library()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its word and icon, what it means and what to do about it, and the state that the list of days knows it by."""

    word: Promise
    icon: str
    meaning: Promise
    step: Promise
    shown_state: str = ""


CHANGED = Kind(
    _("閉局後に変更あり"), "pencil-square", _("閉局のあとに登録された伝票や入出金が、日計にも弥生にも入っていません。"),
    _("確かめて閉局し直す"), "CHANGED",
)  # fmt: skip
PROVISIONAL = Kind(
    _("仮閉局"), "calculator", _("現金が数えられていません。レジ業務でその営業日を開き、「現金を数え直す」から入力してください。"),
    _("日計を見る"), "PROVISIONAL",
)  # fmt: skip
EXCESS = Kind(
    _("取消の超過"), "receipt-refund", _("赤伝票が、元の伝票の金額を超えて取り消しています。返金の二重や金額の誤りかもしれません。"), _("伝票を確かめる"),
)  # fmt: skip
KEPT = Kind(
    _("保留"), "inbox", _("レジやCSVから届き、そのままでは登録できなかった伝票です。"), _("登録するかどうかを決める"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A store's problems of one kind. `count` are days, or slips (then without dates)."""

    kind: Kind
    store_pk: int
    store_code: str
    store_name: str
    count: int
    oldest: date | None = None
    latest: date | None = None

    @property
    def page(self):
        if self.kind is KEPT:
            return f"{reverse('closing:kept_slips')}?store={self.store_pk}"
        if self.kind is EXCESS:
            return f"{reverse('closing:slips')}?excess=on&store={self.store_pk}"
        if self.count == 1:
            return reverse("closing:day", args=[self.store_code, self.oldest])
        return f"{reverse('closing:days')}?state={self.kind.shown_state}&store={self.store_pk}"


@register.inclusion_tag("closing/day_problems.html")
def day_problems(user):
    """In four queries (five while there is a 取消の超過), however many stores and days there are; for those who can put it right."""
    return {"problems": list(problems_for(user)) if may(user, Ability.CORRECT_SLIPS) else []}


def problems_for(user):
    days = BusinessDay.objects.visible_to(user).order_by()
    locked = MonthLock.objects.filter(company=OuterRef("store__company"), month=OuterRef("month"), is_locked=True)
    provisional = days.provisional().annotate(month=TruncMonth("date", output_field=DateField())).exclude(Exists(locked))
    for kind, found in ((CHANGED, days.changed_after_close()), (PROVISIONAL, provisional)):
        for row in by_store(found).annotate(oldest=Min("date"), latest=Max("date")):
            yield Problem(kind, **row)
    for row in by_store(Slip.objects.visible_to(user).of_excess().order_by(), "day__store"):
        yield Problem(EXCESS, **row)
    for row in by_store(KeptSlip.objects.visible_to(user).waiting().order_by()):
        yield Problem(KEPT, **row)


def by_store(rows, store="store"):
    named = {"store_pk": F(store), "store_code": F(f"{store}__code"), "store_name": F(f"{store}__name")}
    return rows.values(**named).annotate(count=Count("pk")).order_by("store_code", "store_pk")
