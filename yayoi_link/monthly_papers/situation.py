"""What the month is like before anything of it is added up, and what of it is unproven: the cover and the page say so aloud."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay, CashMovement, Closing, KeptSlip, MonthDecision
from yayoi_link.models import Delivery
from yayoi_link.monthly_papers.correction_paper import posted_elsewhere
from yayoi_link.monthly_papers.month_days import REPORTED, DayState, count_month_days
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.unclear_paper import unclear_movements
from yayoi_link.states import IS_THERE, MAY_BE_THERE, State

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that whoever relies on the papers has to know. `look` is bad or warn."""

    look: str
    text: Words


@dataclass(frozen=True, slots=True)
class Situation:
    """`days` are the dates of the month at all stores. `decision` is the last word on the month: locked, unlocked, or None."""

    days: Counter[DayState]
    is_whole: bool
    decision: MonthDecision | None
    is_locked: bool
    deliveries: Counter[State]
    delivered: int
    kept: int
    unclear: int
    posted_elsewhere: int

    @property
    def papers(self) -> int:
        """日計: every day that was ever closed has one."""
        return sum(self.days[state] for state in REPORTED)

    @property
    def undelivered(self) -> int:
        """日計 without a delivery."""
        return self.papers - self.delivered

    @property
    def uncertain(self) -> int:
        """Deliveries that may be at Yayoi or not."""
        return sum(self.deliveries[state] for state in MAY_BE_THERE)

    @property
    def unsent(self) -> int:
        settled = IS_THERE | MAY_BE_THERE | {State.WAIVED, State.SUPERSEDED}
        return sum(count for state, count in self.deliveries.items() if state not in settled)


def read_situation(scope: PapersScope) -> Situation:
    """Read it in a handful of queries, however many days and stores there are."""
    of_month = {"day__store__in": scope.store_set, "day__date__range": scope.span}
    decision = _decision(scope)
    states = unsettled(scope).order_by().values_list("state").annotate(Count("pk"))
    return Situation(
        days=count_month_days(scope),
        is_whole=scope.is_whole,
        decision=decision,
        is_locked=bool(decision and decision.lock.is_locked),
        deliveries=Counter({State(state): count for state, count in states}),
        delivered=Delivery.objects.filter(is_current=True, **of_month).count(),
        kept=kept_slips(scope).count(),
        unclear=unclear_movements(scope).count(),
        posted_elsewhere=posted_elsewhere(scope).count(),
    )


def last_closed_at(scope: PapersScope) -> datetime | None:
    closings = Closing.objects.filter(day__store__in=scope.store_set, day__date__range=scope.span)
    return closings.aggregate(last=Max("closed_at"))["last"]


def _decision(scope: PapersScope) -> MonthDecision | None:
    decisions = MonthDecision.objects.filter(lock__company=scope.company, lock__month=scope.month)
    return decisions.select_related("lock", "by").first()


def unsettled(scope: PapersScope) -> QuerySet[Delivery]:
    """Return the deliveries of the month of which nobody knows that they are at Yayoi.

    Days without a transaction have nothing to send; what a person did not find there has a successor.
    """
    days = Q(day__store__in=scope.store_set, day__date__range=scope.span)
    open_ones = (Q(is_current=True) & ~Q(state__in=IS_THERE)) | Q(state__in=MAY_BE_THERE)
    not_known_there = Delivery.objects.in_states(set(State) - (IS_THERE - MAY_BE_THERE))
    return not_known_there.filter(days, open_ones, is_empty=False).order_by("day__date", "day__store__code", "pk")


def kept_slips(scope: PapersScope) -> QuerySet[KeptSlip]:
    """Return what waits in 保留 for a day of the month, or cannot be read so far as to tell."""
    of_month = Q(content__business_date__startswith=f"{scope.month:%Y-%m}") | Q(content__isnull=True)
    return KeptSlip.objects.waiting().filter(of_month, store__in=scope.store_set).order_by("pk")


def fingerprint_of(scope: PapersScope) -> str:
    """Return what is another one once anything has changed of which the papers tell."""
    days = BusinessDay.objects.filter(store__in=scope.store_set, date__range=scope.span).order_by("pk")
    found = [
        scope.name,
        list(scope.store_set.order_by("pk").values_list("pk", flat=True)),
        list(days.values_list("pk", "state", "entries", "revision")),
        (decision := _decision(scope)) and decision.pk,
        list(unsettled(scope).values_list("pk", "state", "is_current")),
        list(kept_slips(scope).values_list("pk", flat=True)),
        list(posted_elsewhere(scope).values_list("pk", "state")),
        _last_explanation(scope),
    ]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _last_explanation(scope: PapersScope) -> int | None:
    found = CashMovement.objects.filter(explains__day__store__in=scope.store_set, explains__day__date__range=scope.span)
    return found.aggregate(last=Max("pk"))["last"]


# (look, how many of the situation, sentence), the gravest first.
COUNTED = (
    ("bad", lambda situation: situation.days[DayState.OPEN], _("閉局していない営業日が%(count)s日あります。資料に入っていません。")),
    (
        "bad",
        lambda situation: situation.days[DayState.CHANGED],
        _("閉局後に変更があった営業日が%(count)s日あります。日計は閉局したときの内容で、その後の変更を含みません。"),
    ),
    (
        "bad",
        lambda situation: situation.uncertain,
        _("弥生に届いたかどうか分からない連携が%(count)s件あります。弥生の帳簿と照合するまで、二重計上や計上漏れがないとは言えません。"),
    ),
    ("bad", lambda situation: situation.undelivered, _("連携の記録がない日計が%(count)s件あります。")),
    ("warn", lambda situation: situation.unsent, _("弥生に送っていない連携が%(count)s件あります。")),
    ("warn", lambda situation: situation.kept, _("判断待ちの保留の伝票が%(count)s件あります。どの合計にも入っていません。")),
    (
        "warn",
        lambda situation: situation.posted_elsewhere,
        _("別の月の日付で弥生に送る差分が%(count)s件あります（訂正一覧）。弥生の月の合計は、その分だけこの資料と違います。"),
    ),
    (
        "warn",
        lambda situation: situation.unclear,
        _("登録番号が要確認の出金が%(count)s件あります。決まるまでは、登録番号がないものとして仕訳にしています。"),
    ),
    (
        "warn",
        lambda situation: situation.days[DayState.PROVISIONAL],
        _("現金を数えていない仮閉局の営業日が%(count)s日あります。"),
    ),
    (
        "warn",
        lambda situation: situation.days[DayState.UNRECORDED],
        _("開局も休業日の登録もない日が%(count)s日あります（店舗ごとに数えています）。"),
    ),
)


def concerns(situation: Situation) -> Iterator[Concern]:
    """Yield what is unproven about the month, the gravest first."""
    for look, how_many, text in COUNTED:
        if count := how_many(situation):
            yield Concern(look, text % {"count": count})
    if not situation.is_locked:
        yield Concern("warn", _("この月は月次締めをしていません。内容はこのあと変わることがあります。"))
    if not situation.is_whole:
        yield Concern("warn", _("会社の全店舗ではありません。合計は、選んだ店舗だけのものです。"))
