"""Adds a day up in the database, in the same few queries for ten slips as for a hundred thousand."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum

from closing.categories import MovementDirection, Nature, PaymentKind, SlipKind, TaxCategory
from closing.figures import DayFigures, MethodTotal, MovementLine, RegisterCash, SalesLine, SlipTotals, VoucherOverage
from closing.models.days import BusinessDay, RegisterDay
from closing.models.masters import PaymentMethod
from closing.models.movements import CashMovement
from closing.models.slips import Slip, SlipPayment, SlipSplit

LOW_HALF = 0xFFFFFFFF
SUMMED = ("total", "cash_sales", "cash_refunds", "voucher_change", "discount", "service_charge", "points", "guests")
DIGEST_SUMS = {
    "digest_high_lower": Sum(F("digest_high").bitand(LOW_HALF)),
    "digest_high_upper": Sum(F("digest_high").bitrightshift(32)),
    "digest_low_lower": Sum(F("digest_low").bitand(LOW_HALF)),
    "digest_low_upper": Sum(F("digest_low").bitrightshift(32)),
}


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What the rows of a day come to, and the rows that it names: payment methods by code, registers and who counted them by POS番号."""

    figures: DayFigures
    slip_count: int
    slip_digest: str
    method_ids: dict[str, int]
    register_ids: dict[int, int]
    counter_ids: dict[int, int | None]


def day_figures(day: BusinessDay, *, up_to: int | None = None) -> DayFigures:
    """Return the figures of the day's rows up to and including entry `up_to` (default: all)."""
    return add_up(day, up_to=up_to).figures


def register_cash(day: BusinessDay) -> tuple[RegisterCash, ...]:
    """Return the cash of the day's registers alone, by POS番号: what a count is compared with, for fewer questions than `day_figures`."""
    settled = RegisterDay.objects.filter(day=day).order_by("register__number").select_related("register")
    per_register = list(_slip_totals_per_register(day, day.entries))
    return tuple(_register_cash(settled, per_register, list(_movements(day, day.entries))))


def add_up(day: BusinessDay, *, up_to: int | None = None) -> DayTotals:
    """Return what the day's rows up to and including entry `up_to` (default: all) come to.

    The digest of a set of slips is the sums of their digests' 32-bit halves, whatever order they came in.
    """
    entry = day.entries if up_to is None else up_to
    per_register, movements = list(_slip_totals_per_register(day, entry)), list(_movements(day, entry))
    # The methods are looked up and not joined: a large day is then added up by numbers alone.
    splits, payments = list(_splits(day, entry)), list(_payments(day, entry))
    methods = PaymentMethod.objects.in_bulk(_methods_used(splits, payments))
    settled = RegisterDay.objects.filter(day=day).order_by().select_related("register")
    figures = DayFigures(
        slips=_slip_totals(per_register),
        lines=tuple(_sales_lines(splits, methods)),
        methods=tuple(_method_totals(payments, methods)),
        overages=tuple(_overages(payments, methods)),
        movements=tuple(movements),
        registers=tuple(_register_cash(settled, per_register, movements)),
    )
    return DayTotals(
        figures,
        slip_count=sum(row["count"] for row in per_register),
        slip_digest="".join(f"{int(sum(row[name] for row in per_register)):016x}" for name in DIGEST_SUMS),
        method_ids={method.code: pk for pk, method in methods.items()},
        register_ids={row.register.number: row.register_id for row in settled},
        counter_ids={row.register.number: row.counted_by_id for row in settled},
    )


def _slip_totals_per_register(day, entry):
    return (
        Slip.objects.up_to(day, entry)
        .order_by()
        .values("register_id", "kind")
        .annotate(count=Count("pk"), **{f"{name}_sum": Sum(name) for name in SUMMED}, **DIGEST_SUMS)
    )


def _slip_totals(per_register):
    def total(name, *kinds):
        return int(sum(row[name] for row in per_register if not kinds or row["kind"] in kinds))

    return SlipTotals(
        sales_count=total("count", SlipKind.SALE),
        reversal_count=total("count", SlipKind.REVERSAL),
        reversal_amount=total("total_sum", SlipKind.REVERSAL),
        correction_count=total("count", SlipKind.CORRECTION),
        correction_amount=total("total_sum", SlipKind.CORRECTION),
        discount=total("discount_sum"),
        service_charge=total("service_charge_sum"),
        points=total("points_sum"),
        guests=total("guests_sum"),
    )


def _methods_used(*parts):
    return {row["method_id"] for rows in parts for row in rows}


def _splits(day, entry):
    return (
        SlipSplit.objects.filter(date=day.date, store=day.store_id, entry__lte=entry)
        .order_by()
        .values("method_id", "category", "nature")
        .annotate(amount_sum=Sum("amount"), tax_sum=Sum("tax"))
    )


def _sales_lines(splits, methods):
    for row in splits:
        method = methods[row["method_id"]]
        yield SalesLine(
            method=method.code,
            method_name=method.name,
            kind=PaymentKind(method.kind),
            category=TaxCategory(row["category"]),
            nature=Nature(row["nature"]),
            amount=int(row["amount_sum"]),
            tax=int(row["tax_sum"]),
        )


def _payments(day, entry):
    return (
        SlipPayment.objects.filter(slip__day=day, slip__entry__lte=entry)
        .order_by()
        .values("method_id")
        .annotate(count=Count("pk"), amount_sum=Sum("amount"), overage_sum=Sum("overage"))
    )


def _method_totals(payments, methods):
    for row in payments:
        method = methods[row["method_id"]]
        yield MethodTotal(method.code, method.name, PaymentKind(method.kind), row["count"], int(row["amount_sum"]))


def _overages(payments, methods):
    for row in payments:
        if row["overage_sum"]:
            method = methods[row["method_id"]]
            yield VoucherOverage(method.code, method.name, PaymentKind(method.kind), int(row["overage_sum"]))


def _movements(day, entry):
    standing = CashMovement.objects.filter(day=day).standing_at(entry).order_by()
    for movement in standing.select_related("reason", "register", "explains__day"):
        yield MovementLine(
            movement=movement.uuid.hex,
            register=movement.register.number,
            direction=MovementDirection(movement.direction),
            reason=movement.reason.code,
            reason_name=movement.reason.name,
            amount=movement.amount,
            reduced_amount=movement.reduced_amount,
            payee=movement.payee,
            receipt_date=movement.receipt_date,
            registration_no=movement.registration_no,
            is_registration_unclear=movement.is_registration_unclear,
            memo=movement.memo,
            explains=movement.explains.day.date if movement.explains else None,
        )


def _register_cash(register_days, per_register, movements):
    for settled in register_days:
        number = settled.register.number
        slips = [row for row in per_register if row["register_id"] == settled.register_id]
        moved = [line for line in movements if line.register == number]
        yield RegisterCash(
            register=number,
            opening_float=settled.opening_float,
            cash_sales=int(sum(row["cash_sales_sum"] for row in slips)),
            cash_refunds=int(sum(row["cash_refunds_sum"] for row in slips)),
            voucher_change=int(sum(row["voucher_change_sum"] for row in slips)),
            paid_in=sum(line.amount for line in moved if line.direction is MovementDirection.PAID_IN),
            paid_out=sum(line.amount for line in moved if line.direction is MovementDirection.PAID_OUT),
            float_adjustment=settled.float_adjustment,
            actual_cash=settled.actual_cash,
            carry_over=settled.carry_over,
            counts=tuple(sorted((int(value), pieces) for value, pieces in settled.counts.items())),
            reason=settled.reason,
            is_unused=settled.state == RegisterDay.State.UNUSED,
        )
