"""The deliveries of which nobody knows that they are at Yayoi: 結果不明, not sent, and decided not to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from django.utils import timezone

from yayoi_link.cause_words import cause_words
from yayoi_link.models import Delivery
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.situation import unsettled
from yayoi_link.monthly_papers.tables import Paper, Row, Table, code, number, text
from yayoi_link.state_words import chip_of, hold_words, meaning_of
from yayoi_link.states import MAY_BE_THERE, State

COLUMNS = (
    *code("店舗コード"),
    *text("店舗"),
    *code("営業日"),
    *number("回数", "送信回"),
    *code("送り方", "状態"),
    *text("意味", "原因"),
    *code("送信開始日時"),
    *number("行数"),
    *text("担当者の判断"),
)
NOTES = {
    "uncertain": "弥生に入っているかどうか、確かめられていません。",
    "unsent": "弥生に送っていないか、弥生側が受け付けませんでした。",
    "waived": "送らないと決めたものです。",
}


def delivery_paper(scope: PapersScope) -> Paper:
    """Return the paper of everything that is not known to be at Yayoi."""
    found = unsettled(scope)
    waived = found.filter(state=State.WAIVED)
    uncertain = found.filter(state__in=MAY_BE_THERE)
    unsent = found.exclude(state__in=MAY_BE_THERE | {State.WAIVED})
    return Paper(
        6,
        "未送信・結果不明の連携一覧",
        (
            Table("結果不明・応答未確認", COLUMNS, partial(_rows, uncertain), NOTES["uncertain"]),
            Table("送信していないもの", COLUMNS, partial(_rows, unsent), NOTES["unsent"]),
            Table("送信不要としたもの", COLUMNS, partial(_rows, waived), NOTES["waived"]),
        ),
    )


def _rows(deliveries: Iterable[Delivery]) -> Iterator[Row]:
    related = deliveries.select_related("day__store", "closing").with_history().defer("body", "closing__figures_frozen")
    for delivery in related.iterator(chunk_size=200):
        day = delivery.day
        yield Row(
            (
                *(day.store.code, day.store.name, day.date, delivery.closing.revision, delivery.generation),
                *(str(delivery.get_mode_display()), str(chip_of(delivery).word), str(meaning_of(delivery)), _cause(delivery)),
                *(delivery.gate_at, delivery.row_count, "／".join(_decisions(delivery))),
            )
        )


def _cause(delivery: Delivery) -> str:
    return str(hold_words(delivery.hold_reason) or cause_words(delivery.last_outcome))


def _decisions(delivery: Delivery) -> Iterator[str]:
    for decision in delivery.decisions.all():
        at = f"{timezone.localtime(decision.at):%Y/%m/%d %H:%M}"
        yield f"{at} {decision.actor.name} {decision.get_kind_display()} {decision.reason}".strip()
