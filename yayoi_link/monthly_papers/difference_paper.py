"""過不足一覧: each drawer that was off or not counted, its reason, and what was found out about it since."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Exists, OuterRef, Q

from closing.cash import DifferenceKind, difference_kind
from closing.models import CashMovement, ClosingRegister
from closing.models.labels import DIRECTIONS
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.tables import Paper, Row, Table, code, money, number, text

KINDS = {DifferenceKind.SHORT: "不足", DifferenceKind.OVER: "過剰", DifferenceKind.NONE: "差異なし"}
COLUMNS = (
    *code("店舗コード"),
    *text("店舗"),
    *code("営業日"),
    *number("レジ"),
    *money("想定レジ金額", "実際のレジ内現金"),
    *code("過不足"),
    *money("過不足の額"),
    *text("理由"),
    *money("原因が判明した額", "不明の額"),
    *text("原因判明の内容"),
)
FOUND_COLUMNS = (
    *code("店舗コード"),
    *text("店舗"),
    *code("判明した営業日", "過不足のあった営業日"),
    *number("レジ"),
    *text("区分", "理由"),
    *money("金額"),
    *text("内容", "入力した担当者"),
    *code("入力日時"),
)
NOTE = "過不足の額は、実際のレジ内現金 − 想定レジ金額です（不足は負）。原因が判明した額は、現金過不足から振り替えた額です。"


def difference_paper(scope: PapersScope) -> Paper:
    """Return the paper of the month's drawers, and of what was found out in the month about earlier ones."""
    return Paper(
        3,
        "過不足一覧",
        (
            Table("この月の過不足", COLUMNS, partial(_rows, scope), NOTE),
            Table("この月に原因が判明したもの", FOUND_COLUMNS, partial(_found_rows, scope)),
        ),
    )


def _rows(scope: PapersScope) -> Iterator[Row]:
    explanations = _explanations(scope)
    # What was explained stays in the list when the day was closed again without a difference.
    explained = CashMovement.objects.standing().filter(explains__day=OuterRef("closing__day"), explains__register=OuterRef("register"))
    off = (
        ClosingRegister.objects.of_last_revisions_between(*scope.span)
        .filter(register__store__in=scope.store_set)
        .filter(~Q(cash_difference=0) | Q(actual_cash=None) | Exists(explained))
        .select_related("closing__day__store", "register")
        .order_by("register__store__code", "date", "register__number", "pk")
    )
    for row in off.iterator(chunk_size=500):
        yield _row(row, explanations.get((row.closing.day_id, row.register_id), []))


def _row(row, found) -> Row:
    day, off = row.closing.day, row.cash_difference
    place = (day.store.code, day.store.name, day.date, row.register.number, row.expected_cash, row.actual_cash)
    if off is None:
        return Row((*place, "未計数", None, row.reason, None, None, ""))
    cleared = sum(movement.cleared for movement in found)
    explained, unknown = -cleared if off > 0 else cleared, off + cleared
    return Row((*place, KINDS[difference_kind(off)], off, row.reason, explained, unknown, "／".join(map(_sentence, found))))


def _sentence(movement) -> str:
    said = f"{movement.reason.name} {movement.memo}".strip()
    return f"{movement.day.date:%Y/%m/%d} {said} {movement.amount:,}円"


def _explanations(scope: PapersScope) -> dict[tuple[int, int], list[CashMovement]]:
    of_month = CashMovement.objects.standing().filter(explains__day__store__in=scope.store_set, explains__day__date__range=scope.span)
    found: dict[tuple[int, int], list[CashMovement]] = {}
    for movement in of_month.select_related("day", "reason", "explains").order_by("day__date", "entry", "pk"):
        found.setdefault((movement.explains.day_id, movement.explains.register_id), []).append(movement)
    return found


def _found_rows(scope: PapersScope) -> Iterator[Row]:
    found = CashMovement.objects.standing().filter(day__store__in=scope.store_set, day__date__range=scope.span, explains__isnull=False)
    related = found.select_related("day__store", "reason", "explains__day", "register", "staff")
    for movement in related.order_by("day__store__code", "day__date", "entry", "pk").iterator(chunk_size=500):
        day = movement.day
        yield Row(
            (
                *(day.store.code, day.store.name, day.date, movement.explains.day.date, movement.register.number),
                *(str(DIRECTIONS[movement.direction]), movement.reason.name, movement.amount, movement.memo),
                *(movement.staff.name if movement.staff else "", movement.occurred_at),
            )
        )
