"""営業日一覧: every date of the month at every store, what its 日計 comes to, and where there is none, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from closing.figures import DayFigures, proof
from closing.models import Closing
from yayoi_link.month_proof import Margins, all_agree
from yayoi_link.monthly_papers.month_days import MonthDay
from yayoi_link.monthly_papers.tables import Paper, Row, Table, code, money, number, text

COLUMNS = (
    *code("店舗コード"),
    *text("店舗"),
    *code("営業日"),
    *text("状態"),
    *number("回数"),
    *code("閉局日時"),
    *text("閉局した担当者"),
    *number("伝票数"),
    *money("総売上（税込）", "うち消費税", "売上外", "現金差異"),
    *code("合計の確認"),
)


@dataclass(frozen=True, slots=True)
class DaySummary:
    """What of a day's 日計 the list shows. `adds_up`: its parts come to its sums, and its journal says the same."""

    revision: int
    closed_at: datetime
    closed_by: str
    slip_count: int
    gross_sales: int
    sales_tax: int
    non_sales_total: int
    cash_difference: int | None
    adds_up: bool


def summary_of(closing: Closing, figures: DayFigures, margins: Margins) -> DaySummary:
    """Return what stays in memory of a day whose paper has been written."""
    return DaySummary(
        revision=closing.revision,
        closed_at=closing.closed_at,
        closed_by=closing.closed_by.name,
        slip_count=closing.slip_count,
        gross_sales=figures.gross_sales,
        sales_tax=figures.sales_tax,
        non_sales_total=figures.non_sales_total,
        cash_difference=figures.cash_difference if figures.is_counted else None,
        adds_up=not proof(figures) and all_agree(margins) and closing.sales_total == figures.gross_sales,
    )


def day_list_paper(days: list[MonthDay], summaries: Mapping[int, DaySummary]) -> Paper:
    """Return the paper of all days; `summaries` are those of the days that have a 日計, by the day's key."""
    return Paper(1, "営業日一覧", (Table("営業日", COLUMNS, partial(_rows, days, summaries)),))


def _rows(days: list[MonthDay], summaries: Mapping[int, DaySummary]) -> Iterator[Row]:
    for each in days:
        state = f"{each.state.value} {each.note}".strip()
        yield Row((each.store.code, each.store.name, each.date, state, *_figures(summaries.get(each.day.pk) if each.day else None)))


def _figures(summary: DaySummary | None) -> tuple:
    if summary is None:
        return (None,) * 9
    return (
        *(summary.revision, summary.closed_at, summary.closed_by, summary.slip_count),
        *(summary.gross_sales, summary.sales_tax, summary.non_sales_total, summary.cash_difference),
        "一致" if summary.adds_up else "不一致",
    )
