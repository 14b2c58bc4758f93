"""Lets a demo shop trade: opens its days, books its slips and movements, counts and closes."""

import random
from datetime import date, datetime, time, timedelta

from closing.cash import DENOMINATIONS
from closing.intake import Booked, book_slips
from closing.models import BusinessDay, CashMovement, CashReason, Closing, RegisterDay
from closing.models.totals import day_figures
from closing.trading_day import RegisterCount, close_day, open_day, record_movement, set_opening_float
from stores.audit import Origin
from stores.models import Store
from yayoi_link.demo.shop import JAPAN, Shop, cash_difference_of_day, slips_of_day

OPENING_FLOAT = 30_000
REASON_FROM = 500


def trade(store: Store, shop: Shop, day: date, *, until: datetime) -> BusinessDay:
    """Open the day and book what happened up to `until`."""
    opened = open_day(store, day, by=_by(store, shop, day, shop.opens), today=day)
    _fill_drawers(opened, by=_by(store, shop, day, shop.opens))
    slips = [slip for slip in slips_of_day(shop, day) if slip.issued_at <= until]
    bookings = book_slips(store, slips, by=_by(store, shop, day, shop.closes), today=day)
    refused = [booking for booking in bookings if booking.status is Booked.INVALID]
    if refused:
        raise ValueError(f"the demo's own slips are refused: {refused[0].problems}")
    _pay_out(opened, shop, until=until)
    return opened


def close(day: BusinessDay, shop: Shop) -> Closing:
    """Count each drawer, with its small difference, and close."""
    day.refresh_from_db()
    counts = [_count(cash, shop, day.date) for cash in day_figures(day).registers]
    return close_day(day, counts=counts, by=_by(day.store, shop, day.date, shop.closes, minutes=20))


def _by(store, shop, day, hour, *, minutes=0):
    actor = store.company.staff.get(code=shop.staff[-1])
    moment = datetime.combine(day, time(hour=hour, minute=minutes), JAPAN)
    return Origin(actor, moment, "127.0.0.1")


def _fill_drawers(day, *, by):
    for settled in RegisterDay.objects.filter(day=day, opening_float=0).select_related("register"):
        set_opening_float(day, settled.register, amount=OPENING_FLOAT, by=by)


def _pay_out(day, shop, *, until):
    chance = random.Random(f"{shop.store}/{day.date}/errands")  # noqa: S311
    by = _by(day.store, shop, day.date, shop.opens + 2)
    if chance.random() > 0.35 or by.at > until:
        return
    reason, payee, amount = chance.choice((("0003", "道玄坂文具店", 880), ("0004", "緑ヶ丘牧場", 2160), ("0005", "東急バス", 440)))
    record_movement(
        day,
        CashMovement(
            register=day.store.registers.get(number=1),
            direction="PAID_OUT",
            reason=CashReason.objects.get(company=day.store.company_id, code=reason),
            amount=amount,
            reduced_amount=amount if reason == "0004" else 0,
            payee=payee,
            receipt_date=day.date,
            registration_no="" if reason == "0003" else "T6012345678901",
        ),
        by=by,
    )


def _count(cash, shop, day):
    actual = cash.expected_cash + cash_difference_of_day(shop, day, cash.register)
    off = abs(actual - cash.expected_cash)
    return RegisterCount(
        register=cash.register,
        actual_cash=actual,
        carry_over=min(actual, OPENING_FLOAT),
        reason="数え直しても合いませんでした" if off > REASON_FROM else "",
        pieces=_pieces(actual),
    )


def _pieces(amount):
    pieces = {}
    for denomination in DENOMINATIONS:
        pieces[denomination], amount = divmod(amount, denomination)
    return {denomination: count for denomination, count in pieces.items() if count}


def trading_date(now: datetime) -> date:
    """The 営業日 that a shop with 締め時刻 5:00 is in at this moment."""
    return (now.astimezone(JAPAN) - timedelta(hours=5)).date()
