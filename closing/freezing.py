"""Freezes the figures of a close: 日計, its lines and its registers. Nothing of it is ever changed."""

from django.utils.translation import gettext_lazy as _

from closing import history
from closing.history import DayAction
from closing.models import BusinessDay, Closing, ClosingLine, ClosingRegister
from closing.models.totals import DayTotals
from closing.signals import Wish, day_closed
from stores.audit import Origin


def freeze(day: BusinessDay, totals: DayTotals, *, by: Origin, wish: Wish) -> Closing:
    """Write the totals down as the day's present revision, and tell who listens. The caller has raised the revision."""
    figures = totals.figures
    closing = Closing.objects.create(
        day=day,
        revision=day.revision,
        entries=day.entries,
        slip_count=day.slip_count,
        slip_digest=totals.slip_digest,
        figures_frozen=figures.to_json(),
        sales_total=figures.gross_sales,
        expected_cash=figures.expected_cash,
        actual_cash=figures.actual_cash,
        closed_at=by.at,
        closed_by=by.actor,
    )
    _freeze_lines(closing, totals)
    _freeze_registers(closing, totals)
    history.record(_action(day), day, by=by, changes={_("回数"): day.revision, _("現金差異"): figures.cash_difference})
    day_closed.send(sender=BusinessDay, closing=closing, wish=wish)
    return closing


def _action(day):
    if day.is_provisional:
        return DayAction.DAY_CLOSED_PROVISIONALLY
    return DayAction.DAY_CLOSED if day.revision == 1 else DayAction.DAY_CLOSED_AGAIN


def _freeze_lines(closing, totals):
    ClosingLine.objects.bulk_create(
        ClosingLine(
            closing=closing,
            method_id=totals.method_ids[line.method],
            category=line.category,
            nature=line.nature,
            amount=line.amount,
            tax=line.tax,
        )
        for line in totals.figures.lines
    )


def _freeze_registers(closing, totals):
    ClosingRegister.objects.bulk_create(
        ClosingRegister(
            closing=closing,
            date=closing.day.date,
            register_id=totals.register_ids[cash.register],
            opening_float=cash.opening_float,
            expected_cash=cash.expected_cash,
            actual_cash=cash.actual_cash,
            counted_by_id=_counter_id(closing, totals, cash),
            carry_over=cash.carry_over,
            counts={str(value): pieces for value, pieces in cash.counts},
            reason=cash.reason,
        )
        for cash in totals.figures.registers
    )


def _counter_id(closing, totals, cash):
    """Who counted the register; where nobody is known, who closed the day."""
    return None if cash.actual_cash is None else totals.counter_ids[cash.register] or closing.closed_by_id
