"""訂正一覧: red and black slips, each with what it takes back or stands in the place of, and why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from closing.categories import SlipKind
from closing.models import MovementCancellation, Slip, SlipTax
from closing.models.labels import DIRECTIONS, REVERSAL_REASONS, SLIP_KINDS
from yayoi_link.models import Delivery
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.tables import Paper, Row, Table, code, money, number, text
from yayoi_link.state_words import chip_of
from yayoi_link.states import State

PLACE = (*code("店舗コード"), *text("店舗"), *code("営業日", "入力日時"))
COLUMNS = (
    *PLACE,
    *code("種別"),
    *number("レジ"),
    *code("伝票番号"),
    *money("金額", "うち消費税"),
    *text("理由", "元伝票の店舗"),
    *code("元伝票の営業日"),
    *number("元伝票のレジ"),
    *code("元伝票の番号"),
    *money("元伝票の金額"),
    *text("担当者"),
)
MOVEMENT_COLUMNS = (
    *PLACE,
    *number("レジ"),
    *text("区分", "入出金の理由", "支払先"),
    *money("金額"),
    *code("取消日時"),
    *text("取消の理由", "取り消した担当者"),
    *money("訂正後の金額"),
    *text("訂正後の理由"),
)
POSTED_COLUMNS = (
    *code("店舗コード"),
    *text("店舗"),
    *code("営業日", "仕訳の日付"),
    *number("回数"),
    *code("状態", "送信開始日時"),
    *number("行数"),
    *money("借方の合計"),
)
POSTED_NOTE = "月次締めをした月の差分は、締めていない最初の日の日付で弥生に送ります。この資料の合計は営業日の月で数え、弥生は仕訳の日付の月で数えます。"
NOTE = "伝票は書き換えません。赤伝票で取り消し、必要なときは黒伝票で正しい内容を登録します。黒伝票の元伝票は、その前の赤伝票です。"


def correction_paper(scope: PapersScope) -> Paper:
    """Return the paper of the month's red and black slips, of its 入出金 that somebody cancelled, and of differences dated elsewhere."""
    return Paper(
        5,
        "訂正一覧",
        (
            Table("赤伝票・黒伝票", COLUMNS, partial(_rows, scope), NOTE),
            Table("取り消した入出金", MOVEMENT_COLUMNS, partial(_movement_rows, scope)),
            Table("別の月の日付の差分", POSTED_COLUMNS, partial(_posted_rows, scope), POSTED_NOTE),
        ),
    )


def posted_elsewhere(scope: PapersScope) -> QuerySet[Delivery]:
    """Return what was posted of the month's days under a date of another month, and in the month of days of another one."""
    in_month = Q(day__date__range=scope.span) | Q(posted_on__range=scope.span)
    # An index leads to the few that were.
    few = Delivery.objects.filter(posted_on__isnull=False).values("pk")
    dated = Delivery.objects.filter(in_month, day__store__in=scope.store_set, pk__in=few)
    return dated.exclude(state__in={State.SUPERSEDED, State.WAIVED}).order_by("day__store__code", "day__date", "pk")


def _posted_rows(scope: PapersScope) -> Iterator[Row]:
    posted = posted_elsewhere(scope).select_related("day__store", "closing").defer("closing__figures_frozen")
    for delivery in posted.iterator(chunk_size=200):
        day = delivery.day
        sent = (str(chip_of(delivery).word), delivery.gate_at, delivery.row_count, sum(entry.amount for entry in delivery.entries))
        yield Row((day.store.code, day.store.name, day.date, delivery.posted_on, delivery.closing.revision, *sent))


def _rows(scope: PapersScope) -> Iterator[Row]:
    tax = SlipTax.objects.filter(slip=OuterRef("pk")).order_by().values("slip").annotate(sum=Sum("tax")).values("sum")
    slips = (
        Slip.objects.filter(day__store__in=scope.store_set, day__date__range=scope.span)
        .exclude(kind=SlipKind.SALE)
        .select_related("day__store", "register", "staff", "original__day__store", "original__register")
        .annotate(tax=Subquery(tax))
        .order_by("day__store__code", "day__date", "entry", "pk")
    )
    for slip in slips.iterator(chunk_size=500):
        place = (slip.day.store.code, slip.day.store.name, slip.day.date, slip.received_at, str(SLIP_KINDS[slip.kind]))
        who = slip.staff.name if slip.staff else slip.staff_code
        yield Row((*place, slip.register.number, slip.number, slip.total, slip.tax, _reason(slip), *_original(slip), who))


def _reason(slip) -> str:
    """A black slip has the reason of the red one that it follows."""
    reason = slip.reason or (slip.original.reason if slip.original else "")
    return str(REVERSAL_REASONS[reason]) if reason else ""


def _original(slip) -> tuple:
    original = slip.original
    if original is None:
        return ("", None, None, f"{slip.original_reference}（未着）", None)
    return (original.day.store.name, original.day.date, original.register.number, original.number, original.total)


def _movement_rows(scope: PapersScope) -> Iterator[Row]:
    cancelled = (
        MovementCancellation.objects.filter(movement__day__store__in=scope.store_set, movement__day__date__range=scope.span)
        .select_related("movement__day__store", "movement__register", "movement__reason", "replacement__reason", "by")
        .order_by("movement__day__store__code", "movement__day__date", "entry", "pk")
    )
    for row in cancelled.iterator(chunk_size=500):
        movement, stead = row.movement, row.replacement
        place = (movement.day.store.code, movement.day.store.name, movement.day.date, movement.occurred_at, movement.register.number)
        booked = (str(DIRECTIONS[movement.direction]), movement.reason.name, movement.payee, movement.amount)
        now = (stead.amount, stead.reason.name) if stead else (None, "")
        yield Row((*place, *booked, row.at, row.reason, row.by.name, *now))
