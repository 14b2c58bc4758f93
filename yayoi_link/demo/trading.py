"""Lets a demo shop trade: opens its days, books its slips and movements, counts and closes."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from closing.cash import DENOMINATIONS
from closing.intake import book_slips
from closing.models import BusinessDay, CashMovement, CashReason, Closing, RegisterDay
from closing.models.totals import day_figures
from closing.register_closing import count_register
from closing.trading_day import RegisterCount, close_day, open_day, record_movement, set_opening_float
from stores.audit import Origin
from stores.models import Store
from yayoi_link.demo import incidents
from yayoi_link.demo.shop import JAPAN, Shop, cash_difference_of_day, slips_of_day
from yayoi_link.demo.slip_cases import cases_of_day, closing_hour

OPENING_FLOAT = 30_000
REASON_FROM = 500
AFTERNOON = 15
# 渋谷店, thirteen days back.
ONE_BY_ONE = ("0001", 13)


def trade(store: Store, shop: Shop, day: date, *, until: datetime, today: date) -> BusinessDay:
    """Open the day and book what happened up to `until`."""
    opened = open_day(store, day, by=by_at(store, shop, day, shop.opens), today=today)
    _fill_drawers(opened, by=by_at(store, shop, day, shop.opens))
    if happens := incidents.of_day(shop, (today - day).days):
        afternoon = by_at(store, shop, day, AFTERNOON)
        sell(opened, shop, until=afternoon.at, today=today)
        happens(opened, afternoon)
    sell(opened, shop, until=until, today=today)
    _pay_out(opened, shop, until=until)
    return opened


def sell(day: BusinessDay, shop: Shop, *, until: datetime, today: date) -> None:
    """Book the slips up to `until`; those that are there already stay as they are."""
    all_slips = [*slips_of_day(shop, day.date), *cases_of_day(shop, day.date, today=today)]
    slips = [slip for slip in all_slips if slip.issued_at <= until]
    by = by_at(day.store, shop, day.date, closing_hour(shop, day.date))
    bookings = book_slips(day.store, slips, by=replace(by, at=min(by.at, until)), today=today)
    refused = [booking for booking in bookings if booking.problems]
    if refused:
        raise ValueError(f"the demo's own slips are refused: {refused[0].problems}")


def close(day: BusinessDay, shop: Shop, *, today: date) -> Closing:
    """Count each drawer, with its small difference, and close; on one day each register by itself."""
    day.refresh_from_db()
    back = (today - day.date).days
    counts = [_count(cash, shop, day.date, back) for cash in day_figures(day).registers]
    by = by_at(day.store, shop, day.date, closing_hour(shop, day.date), minutes=20)
    if shop.is_eventful and (shop.store, back) == ONE_BY_ONE:
        return [count_register(day, count, by=by) for count in counts][-1]
    return close_day(day, counts=counts, by=by)


def by_at(store: Store, shop: Shop, day: date, hour: int, *, minutes: int = 0) -> Origin:
    """Return who does something at the shop at this hour of its day; 25 is one o'clock at night."""
    actor = store.company.staff.get(code=shop.staff[-1])
    return Origin(actor, datetime.combine(day, time(0), JAPAN) + timedelta(hours=hour, minutes=minutes) - shop.ahead, "127.0.0.1")


def _fill_drawers(day, *, by):
    for settled in RegisterDay.objects.filter(day=day, opening_float=0).select_related("register"):
        set_opening_float(day, settled.register, amount=OPENING_FLOAT, by=by)


def _pay_out(day, shop, *, until):
    chance = random.Random(f"{shop.store}/{day.date}/errands")  # noqa: S311
    by = by_at(day.store, shop, day.date, shop.opens + 2)
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


def _count(cash, shop, day, back):
    off = incidents.difference_of_day(shop, back, cash.register) or cash_difference_of_day(shop, day, cash.register)
    actual = cash.expected_cash + off
    return RegisterCount(
        register=cash.register,
        actual_cash=actual,
        carry_over=min(actual, OPENING_FLOAT),
        reason="数え直しても合いませんでした" if abs(off) > REASON_FROM else "",
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
