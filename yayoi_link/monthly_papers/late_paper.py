"""後日入力一覧: what came in after its 営業日 had been closed, with 入力日時 beside 営業日, as 電子帳簿保存法 asks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import F, Min, OuterRef, Subquery

from closing.models import CashMovement, Closing, Slip
from closing.models.labels import DIRECTIONS, SLIP_KINDS
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.tables import Paper, Row, Table, code, money, number, text

PLACE = (*code("店舗コード"), *text("店舗"), *code("営業日", "入力日時"), *number("レジ"))
SLIP_COLUMNS = (*PLACE, *code("伝票番号", "種別", "取引日時"), *money("金額"), *text("担当者", "日計への反映"))
MOVED_COLUMNS = (*PLACE, *code("レジの営業日", "伝票番号", "種別", "取引日時"), *money("金額"))
MOVEMENT_COLUMNS = (*PLACE, *text("区分", "理由", "支払先"), *money("金額"), *text("担当者", "日計への反映"))
NOTE = "最初の閉局のあとに入力されたものです。反映されていないものは、この資料のどの合計にも入っていません。"
MOVED_NOTE = "レジが付けた営業日と、帳簿の営業日が違う伝票です（営業日の付け替え）。"


def late_paper(scope: PapersScope) -> Paper:
    """Return the paper of late slips, of slips that were moved to another day, and of late 入出金."""
    return Paper(
        4,
        "後日入力一覧",
        (
            Table("伝票", SLIP_COLUMNS, partial(_slip_rows, scope), NOTE),
            Table("入出金", MOVEMENT_COLUMNS, partial(_movement_rows, scope), NOTE),
            Table("営業日を付け替えた伝票", MOVED_COLUMNS, partial(_moved_rows, scope), MOVED_NOTE),
        ),
    )


def _slip_rows(scope: PapersScope) -> Iterator[Row]:
    late = _in_order(_of_month(Slip, scope).late()).select_related("day__store", "register", "staff").annotate(seen_in=_first_closing())
    for slip in late.iterator(chunk_size=500):
        kind, who = str(SLIP_KINDS[slip.kind]), slip.staff.name if slip.staff else slip.staff_code
        yield Row((*_place(slip, slip.received_at), slip.number, kind, slip.issued_at, slip.total, who, _seen(slip)))


def _moved_rows(scope: PapersScope) -> Iterator[Row]:
    moved = _in_order(_of_month(Slip, scope).exclude(business_date=F("day__date"))).select_related("day__store", "register")
    for slip in moved.iterator(chunk_size=500):
        kind = str(SLIP_KINDS[slip.kind])
        yield Row((*_place(slip, slip.received_at), slip.business_date, slip.number, kind, slip.issued_at, slip.total))


def _movement_rows(scope: PapersScope) -> Iterator[Row]:
    first = Closing.objects.filter(day=OuterRef("day"), revision=1).values("entries")
    late = _in_order(_of_month(CashMovement, scope).filter(entry__gt=Subquery(first)))
    for movement in (
        late.select_related("day__store", "register", "reason", "staff", "cancellation").annotate(seen_in=_first_closing()).iterator(500)
    ):
        who = movement.staff.name if movement.staff else ""
        named = (str(DIRECTIONS[movement.direction]), movement.reason.name, movement.payee, movement.amount, who)
        seen = "取り消し済み（訂正一覧）" if movement.is_cancelled else _seen(movement)
        yield Row((*_place(movement, movement.occurred_at), *named, seen))


def _of_month(model, scope):
    return model.objects.filter(day__store__in=scope.store_set, day__date__range=scope.span)


def _in_order(rows):
    return rows.order_by("day__store__code", "day__date", "entry", "pk")


def _first_closing():
    """The first revision of the row's day that holds it."""
    holding = Closing.objects.filter(day=OuterRef("day"), entries__gte=OuterRef("entry")).order_by().values("day")
    return Subquery(holding.annotate(first=Min("revision")).values("first"))


def _place(row, entered_at):
    return (row.day.store.code, row.day.store.name, row.day.date, entered_at, row.register.number)


def _seen(row) -> str:
    return f"{row.seen_in}回目の閉局に反映" if row.seen_in else "未反映"
