"""税額集計表: sales, mistakes taken back and goods brought back by tax category, per store and together; 売上外 apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from closing.models.labels import TAX_CATEGORIES
from closing.month_figures import CategoryMonth, MonthFigures, sum_of
from stores.models import Store
from yayoi_link.monthly_papers.tables import Cell, Paper, Row, Table, code, money, text

PLACE = (*code("店舗コード"), *text("店舗", "区分"))
SALES_COLUMNS = (
    *PLACE,
    *money("売上（税込）", "うち消費税", "打ち間違いの取消", "うち消費税（取消）", "返品・返金", "うち消費税（返品）"),
    *money("差引（税込）", "うち消費税（差引）", "差引（税抜）"),
)
NON_SALES_COLUMNS = (*PLACE, *money("受取額", "打ち間違いの取消", "返金", "差引"))
SALES_NOTE = "消費税は、各伝票（レシート）に記載された税額の合計です。取消と返品は負の額で表します。"
NON_SALES_NOTE = "商品券の販売・予約金・預り金・立替金は受取であり、売上に含みません。"


def tax_paper(by_store: Mapping[Store, MonthFigures], total: MonthFigures) -> Paper:
    """Return the paper of what each store's month and all of them come to."""
    return Paper(
        2,
        "税額集計表",
        (
            Table("売上", SALES_COLUMNS, partial(_sales_rows, by_store, total), SALES_NOTE),
            Table("売上外", NON_SALES_COLUMNS, partial(_non_sales_rows, by_store, total), NON_SALES_NOTE),
        ),
    )


def _sales_rows(by_store: Mapping[Store, MonthFigures], total: MonthFigures) -> Iterator[Row]:
    for place, month in _places(by_store, total):
        for category in month.sales:
            yield Row((*place, str(TAX_CATEGORIES[category.category]), *_taxed_cells(category)), is_total=not place[0])
        yield Row((*place, "売上の合計", *_total_cells(month.sales)), is_total=True)


def _non_sales_rows(by_store: Mapping[Store, MonthFigures], total: MonthFigures) -> Iterator[Row]:
    for place, month in _places(by_store, total):
        for kind in month.non_sales:
            amounts = (kind.sold.amount, kind.mistaken.amount, kind.returned.amount, kind.net.amount)
            yield Row((*place, str(TAX_CATEGORIES[kind.category]), *amounts), is_total=not place[0])
        if month.non_sales:
            sums = tuple(sum(getattr(kind, name).amount for kind in month.non_sales) for name in ("sold", "mistaken", "returned", "net"))
            yield Row((*place, "売上外の合計", *sums), is_total=True)


def _places(by_store: Mapping[Store, MonthFigures], total: MonthFigures) -> Iterator[tuple[tuple[str, str], MonthFigures]]:
    for store, month in by_store.items():
        yield (store.code, store.name), month
    if len(by_store) > 1:
        yield ("", "全店舗"), total


def _taxed_cells(category: CategoryMonth) -> tuple[Cell, ...]:
    columns = (category.sold, category.mistaken, category.returned, category.net)
    return (*(figure for taxed in columns for figure in (taxed.amount, taxed.tax)), category.net.untaxed)


def _total_cells(categories: tuple[CategoryMonth, ...]) -> tuple[Cell, ...]:
    rows = [_taxed_cells(category) for category in categories]
    return tuple(sum(column) for column in zip(*rows, strict=True)) if rows else (0,) * 9


def net_of(categories: tuple[CategoryMonth, ...]) -> tuple[int, int]:
    """Return (amount, tax) of the last columns, for the proof on the cover."""
    net = sum_of(categories)
    return net.amount, net.tax
