"""Freezes the figures of a close: 日計, its lines and its registers. Nothing of it is ever changed."""

from django.utils.translation import gettext_lazy as _

from closing import history
from closing.figures import DayFigures
from closing.history import DayAction
from closing.models import BusinessDay, Closing, ClosingLine, ClosingRegister, PaymentMethod
from closing.models.totals import slip_digest
from closing.signals import Wish, day_closed
from stores.audit import Origin


def freeze(day: BusinessDay, figures: DayFigures, *, by: Origin, wish: Wish) -> Closing:
    """Write the figures as the day's present revision, and tell who listens. The caller has raised the revision."""
    closing = Closing.objects.create(
        day=day,
        revision=day.revision,
        entries=day.entries,
        slip_count=day.slip_count,
        slip_digest=slip_digest(day, up_to=day.entries),
        figures_frozen=figures.to_json(),
        sales_total=figures.gross_sales,
        expected_cash=figures.expected_cash,
        actual_cash=figures.actual_cash,
        closed_at=by.at,
        closed_by=by.actor,
    )
    _freeze_lines(closing, figures)
    _freeze_registers(closing, figures)
    history.record(_action(day), day, by=by, changes={_("回数"): day.revision, _("現金差異"): figures.cash_difference})
    day_closed.send(sender=BusinessDay, closing=closing, wish=wish)
    return closing


def _action(day):
    if day.is_provisional:
        return DayAction.DAY_CLOSED_PROVISIONALLY
    return DayAction.DAY_CLOSED if day.revision == 1 else DayAction.DAY_CLOSED_AGAIN


def _freeze_lines(closing, figures):
    methods = dict(PaymentMethod.objects.filter(company=closing.day.store.company_id).values_list("code", "pk"))
    ClosingLine.objects.bulk_create(
        ClosingLine(
            closing=closing,
            method_id=methods[line.method],
            category=line.category,
            nature=line.nature,
            amount=line.amount,
            tax=line.tax,
        )
        for line in figures.lines
    )


def _freeze_registers(closing, figures):
    registers = dict(closing.day.store.registers.values_list("number", "pk"))
    ClosingRegister.objects.bulk_create(
        ClosingRegister(
            closing=closing,
            register_id=registers[cash.register],
            opening_float=cash.opening_float,
            expected_cash=cash.expected_cash,
            actual_cash=cash.actual_cash,
            carry_over=cash.carry_over,
            counts={str(value): pieces for value, pieces in cash.counts},
            reason=cash.reason,
        )
        for cash in figures.registers
    )
