"""登録番号要確認一覧: expenses whose tax cannot be deducted rightly until somebody has looked at the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet

from closing.models import CashMovement
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.tables import Paper, Row, Table, code, money, number, text

COLUMNS = (
    *code("店舗コード"),
    *text("店舗"),
    *code("営業日"),
    *number("レジ"),
    *text("理由", "支払先", "内容"),
    *code("領収書日付"),
    *money("金額", "うち8%対象（軽減）"),
    *text("担当者"),
)
NOTE = "登録番号が決まるまでは、登録番号がないもの（区分記載の経過措置）として仕訳にしています。"


def unclear_paper(scope: PapersScope) -> Paper:
    """Return the paper of the month's 出金 whose 登録番号 nobody has decided on."""
    return Paper(7, "登録番号要確認一覧", (Table("登録番号が要確認の出金", COLUMNS, partial(_rows, scope), NOTE),))


def unclear_movements(scope: PapersScope) -> QuerySet[CashMovement]:
    """Return those movements, cancelled ones left out."""
    of_month = CashMovement.objects.standing().filter(day__store__in=scope.store_set, day__date__range=scope.span)
    return of_month.unclear().order_by("day__store__code", "day__date", "entry", "pk")


def _rows(scope: PapersScope) -> Iterator[Row]:
    for movement in unclear_movements(scope).select_related("day__store", "register", "reason", "staff").iterator(chunk_size=500):
        day, who = movement.day, movement.staff.name if movement.staff else ""
        receipt = (movement.reason.name, movement.payee, movement.memo, movement.receipt_date, movement.amount, movement.reduced_amount)
        yield Row((day.store.code, day.store.name, day.date, movement.register.number, *receipt, who))
