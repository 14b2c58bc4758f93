"""What people of the demo shops do on particular days, in the middle of the afternoon: cash, receipts and counts out of the ordinary."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from closing.cash_movements import exchange_cash, explain_difference, pick_up_cash
from closing.interim_counting import count_interim
from closing.models import BusinessDay, CashMovement, CashReason, RegisterDay
from closing.models.totals import day_figures
from closing.movement_corrections import correct_movement
from closing.register_settlement import RegisterCount
from closing.trading_day import record_movement, set_opening_float
from stores.audit import Origin
from stores.models import Register
from yayoi_link.demo.shop import Shop
from yayoi_link.demo.slip_cases import KICHIJOJI, SHIBUYA

type Incident = Callable[[BusinessDay, Origin], None]

NUMBER = "T6012345678901"
SHORTAGE, FOUND_AFTER = -1000, timedelta(days=3)
# Days back on which a drawer is off by more than a coin.
DIFFERENCES = {(SHIBUYA, 8, 1): SHORTAGE}


def of_day(shop: Shop, back: int) -> Incident | None:
    """Return what happens at the shop so many days back, None on an ordinary day."""
    return INCIDENTS.get((shop.store, back)) if shop.is_eventful else None


def difference_of_day(shop: Shop, back: int, register: int) -> int:
    """Return by how many yen a drawer is off that day because of what happened, 0 on an ordinary day."""
    return DIFFERENCES.get((shop.store, back, register), 0) if shop.is_eventful else 0


def change_money(day: BusinessDay, by: Origin) -> None:
    """両替 at the bank, and its fee."""
    exchange_cash(day, _register(day), amount=10_000, memo="硬貨に両替", key=_key(day, "exchange"), by=by)
    _pay(day, "0008", 550, by=by, payee="道玄坂信用金庫", memo="両替手数料", registration_no=NUMBER)


def bring_to_safe(day: BusinessDay, by: Origin) -> None:
    """売上回収 in the middle of the day."""
    pick_up_cash(day, _register(day), amount=10_000, memo="金庫へ", key=_key(day, "pickup"), by=by)


def put_in_another_float(day: BusinessDay, by: Origin) -> None:
    """The float is 1,000 yen less than was carried over."""
    set_opening_float(day, _register(day), amount=29_000, by=by)


def change_shifts(day: BusinessDay, by: Origin) -> None:
    """中締め of each register; the first is a coin short."""
    day.refresh_from_db()
    for cash in day_figures(day).registers:
        actual = cash.expected_cash - 10 * (cash.register == 1)
        register = day.store.registers.get(number=cash.register)
        count_interim(day, register, RegisterCount(cash.register, actual, 0), shift="早番", by=by)


def buy_at_two_rates(day: BusinessDay, by: Origin) -> None:
    """One receipt with 8 % and 10 %, of a shop without 登録番号."""
    _pay(day, "0003", 2180, by=by, reduced_amount=1080, payee="百軒店青果", memo="紙皿とレモン")


def keep_unreadable_receipt(day: BusinessDay, by: Origin) -> None:
    """登録番号 要確認: nobody has decided yet."""
    _pay(day, "0003", 1320, by=by, payee="宮益坂金物店", memo="電池", is_registration_unclear=True)


def decide_receipt(day: BusinessDay, by: Origin) -> None:
    """登録番号 was 要確認, and is found on the same afternoon."""
    unclear = _pay(day, "0004", 1296, by=by, reduced_amount=1296, payee="井の頭製菓", memo="焼菓子", is_registration_unclear=True)
    decided = _movement(day, "0004", 1296, reduced_amount=1296, payee="井の頭製菓", memo="焼菓子", registration_no=NUMBER)
    correct_movement(unclear, decided, reason="領収書で登録番号を確認", by=by)


def mistype_amount(day: BusinessDay, by: Origin) -> None:
    """8,800 yen typed for 880."""
    wrong = _pay(day, "0003", 8800, by=by, payee="道玄坂文具店", memo="レジ用紙", registration_no=NUMBER)
    right = _movement(day, "0003", 880, payee="道玄坂文具店", memo="レジ用紙", registration_no=NUMBER)
    correct_movement(wrong, right, reason="金額の打ち間違い", by=by)


def collect_from_customer(day: BusinessDay, by: Origin) -> None:
    """売掛 of two weeks ago is paid."""
    record_movement(day, _movement(day, "0007", 6560, direction="PAID_IN", memo="山田商事 売掛金"), by=by)


def explain_shortage(day: BusinessDay, by: Origin) -> None:
    """The 1,000 yen of three days ago were an expense that nobody had recorded."""
    short = RegisterDay.objects.get(day__store=day.store, day__date=day.date - FOUND_AFTER, register__number=1)
    cause = _movement(day, "0003", -SHORTAGE, direction="SHORT_EXPLAINED", payee="道玄坂文具店", memo="封筒", registration_no=NUMBER)
    cause.explains = short
    explain_difference(day, cause, by=by)


def _pay(day, reason, amount, *, by, **receipt):
    return record_movement(day, _movement(day, reason, amount, **receipt), by=by)


def _movement(day, reason, amount, *, direction="PAID_OUT", **receipt):
    return CashMovement(
        uuid=_key(day, f"{reason}/{amount}/{receipt.get('registration_no')}"),
        register=_register(day),
        direction=direction,
        reason=CashReason.objects.get(company=day.store.company_id, code=reason),
        amount=amount,
        receipt_date=day.date if "payee" in receipt else None,
        **receipt,
    )


def _key(day, name):
    """The same movement has the same key whenever the demo is loaded."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{day.store.company.code}/{day.store.code}/{day.date}/{name}")


def _register(day) -> Register:
    return day.store.registers.get(number=1)


INCIDENTS: dict[tuple[str, int], Incident] = {
    (SHIBUYA, 25): mistype_amount,
    (KICHIJOJI, 14): decide_receipt,
    (SHIBUYA, 12): buy_at_two_rates,
    (SHIBUYA, 11): put_in_another_float,
    (SHIBUYA, 7): change_money,
    (SHIBUYA, 6): collect_from_customer,
    (SHIBUYA, 5): explain_shortage,
    (SHIBUYA, 4): keep_unreadable_receipt,
    (SHIBUYA, 2): change_shifts,
    (SHIBUYA, 1): bring_to_safe,
}
