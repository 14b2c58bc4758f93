"""Slips that a shop sees now and then, each on a day of its own: pure and deterministic, for the same day always the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.tax import own_tax
from yayoi_link.demo.shop import JAPAN, Shop

EATEN_IN, TAKEN_AWAY, OUTSIDE = TaxCategory.STANDARD_10, TaxCategory.REDUCED_8, TaxCategory.OUT_OF_SCOPE
DEPOSIT = TaxCategory.NON_SALES_DEPOSIT
SHIBUYA, KICHIJOJI, KAMAKURA = "0001", "0002", "0003"
HALF_PAST_ONE = time(1, 30)


@dataclass(frozen=True, slots=True)
class SlipCase:
    """A slip of register 1 of a store, so many days back, for (category, yen) and paid by (method, yen)."""

    store: str
    back: int
    number: str
    amounts: tuple[tuple[TaxCategory, int], ...]
    payments: tuple[PaymentPart, ...]
    at: time = time(15, 20)
    kind: SlipKind = SlipKind.SALE
    # Store, days back and number of the slip that is taken back or followed.
    original: tuple[str, int, str] | None = None
    reason: ReversalReason | None = None
    figures: dict[str, int] = field(default_factory=dict)


def cash(amount: int) -> tuple[PaymentPart, ...]:
    return (PaymentPart("CASH", amount),)


def card(amount: int) -> tuple[PaymentPart, ...]:
    return (PaymentPart("VISA", amount),)


RED, BLACK = SlipKind.REVERSAL, SlipKind.CORRECTION
RETURN, MISTAKE = ReversalReason.RETURN, ReversalReason.MISTAKE
CASES = (
    # 予約金: taken, applied to the bill of the party; another one is forfeited.
    SlipCase(SHIBUYA, 40, "600001", ((DEPOSIT, 3000),), cash(3000)),
    SlipCase(SHIBUYA, 33, "600002", ((EATEN_IN, 11_000),), (PaymentPart("DEPOSIT", 3000), *card(8000)), figures={"guests": 6}),
    SlipCase(SHIBUYA, 30, "600003", ((DEPOSIT, 5000),), cash(5000)),
    SlipCase(SHIBUYA, 26, "600004", ((OUTSIDE, 5000),), (PaymentPart("DEPOSIT", 5000),)),
    # A voucher that gives no change, and one that does.
    SlipCase(SHIBUYA, 21, "600005", ((EATEN_IN, 1780),), (PaymentPart("GIFT", 1780, tendered=2000, overage=220),)),
    SlipCase(SHIBUYA, 21, "600006", ((EATEN_IN, 1180),), (PaymentPart("OWN", 2000), PaymentPart("CASH", -820)), at=time(16, 5)),
    # 売掛, collected as 入金 two weeks later.
    SlipCase(SHIBUYA, 20, "600007", ((EATEN_IN, 4400), (TAKEN_AWAY, 2160)), (PaymentPart("YAMADA", 6560),)),
    # A staff meal at half price, a staff discount on a bill of two rates, a bill paid by own points alone.
    SlipCase(SHIBUYA, 19, "600008", ((EATEN_IN, 390),), cash(390), figures={"discount": 390, "guests": 1}),
    SlipCase(SHIBUYA, 18, "600009", ((EATEN_IN, 1062), (TAKEN_AWAY, 612)), cash(1674), figures={"discount": 186, "guests": 1}),
    SlipCase(SHIBUYA, 17, "600010", (), (), figures={"points": 480, "guests": 1}),
    # A card registered twice, and cash keyed as card.
    SlipCase(SHIBUYA, 16, "600011", ((EATEN_IN, 1180),), card(1180)),
    SlipCase(SHIBUYA, 16, "600012", ((EATEN_IN, 1180),), card(1180), at=time(15, 21)),
    SlipCase(SHIBUYA, 16, "600013", ((EATEN_IN, -1180),), card(-1180), time(15, 24), RED, (SHIBUYA, 16, "600012"), MISTAKE),
    SlipCase(SHIBUYA, 15, "600014", ((TAKEN_AWAY, 1460),), cash(1460)),
    SlipCase(SHIBUYA, 15, "600015", ((TAKEN_AWAY, -1460),), cash(-1460), time(15, 22), RED, (SHIBUYA, 15, "600014"), MISTAKE),
    SlipCase(SHIBUYA, 15, "600016", ((TAKEN_AWAY, 1460),), card(1460), time(15, 23), BLACK, (SHIBUYA, 15, "600015")),
    # Shared points, and an order of a delivery service.
    SlipCase(SHIBUYA, 13, "600017", ((EATEN_IN, 1280),), (PaymentPart("SHARED", 280), *cash(1000))),
    SlipCase(KICHIJOJI, 12, "600018", ((TAKEN_AWAY, 2380),), (PaymentPart("EATS", 2380),)),
    # Cash, card and a voucher over both rates.
    SlipCase(SHIBUYA, 12, "600019", ((EATEN_IN, 2460), (TAKEN_AWAY, 1460)), (*card(2000), PaymentPart("GIFT", 1000), *cash(920))),
    # Returns: the next day in part, in another month, at another store in cash what was paid by card.
    SlipCase(SHIBUYA, 10, "600020", ((EATEN_IN, 1180), (TAKEN_AWAY, 1460)), card(2640)),
    SlipCase(SHIBUYA, 9, "600021", ((TAKEN_AWAY, -1460),), card(-1460), time(11, 2), RED, (SHIBUYA, 10, "600020"), RETURN),
    SlipCase(SHIBUYA, 37, "600022", ((TAKEN_AWAY, 2920),), cash(2920)),
    SlipCase(SHIBUYA, 5, "600023", ((TAKEN_AWAY, -2920),), cash(-2920), time(17, 40), RED, (SHIBUYA, 37, "600022"), RETURN),
    SlipCase(SHIBUYA, 9, "600024", ((TAKEN_AWAY, 1460),), card(1460)),
    SlipCase(KICHIJOJI, 8, "600025", ((TAKEN_AWAY, -1460),), cash(-1460), time(13, 12), RED, (SHIBUYA, 9, "600024"), RETURN),
    # A service charge, inside the amount.
    SlipCase(KAMAKURA, 22, "600026", ((EATEN_IN, 3080),), card(3080), figures={"service_charge": 280, "guests": 2}),
)


def cases_of_day(shop: Shop, day: date, *, today: date) -> list[SlipContent]:
    """Return the particular slips of the shop's day, in the order of their times."""
    if not shop.is_eventful:
        return []
    chosen = [case for case in CASES if (case.store, today - timedelta(days=case.back)) == (shop.store, day)]
    return sorted([*(_slip(shop, case, day, today) for case in chosen), *_after_midnight(shop, day)], key=lambda slip: slip.issued_at)


def closing_hour(shop: Shop, day: date) -> int:
    """Return the hour at which the shop closes its day; 26 is two o'clock at night."""
    return 26 if _is_long(shop, day) else shop.closes


def _is_long(shop, day):
    return shop.is_eventful and shop.store == KICHIJOJI and (day + timedelta(days=1)).day == 1


def _slip(shop, case, day, today):
    store, back, number = case.original or ("", 0, "")
    return SlipContent(
        number=case.number,
        kind=case.kind,
        business_date=day,
        issued_at=datetime.combine(day, case.at, JAPAN),
        register_number=1,
        staff_code=shop.staff[0],
        taxes=tuple(TaxPart(category, amount, own_tax(amount, category, day)) for category, amount in case.amounts),
        payments=case.payments,
        original=OriginalSlip(store, 1, today - timedelta(days=back), number) if case.original else None,
        reason=case.reason,
        **case.figures,
    )


def _after_midnight(shop: Shop, day: date) -> Iterator[SlipContent]:
    """On the last day of a month 吉祥寺店 has guests until half past one: they belong to that day and month."""
    if not _is_long(shop, day):
        return
    late = SlipCase(KICHIJOJI, 0, "600099", ((EATEN_IN, 2240),), cash(2240), figures={"guests": 2})
    slip = _slip(shop, late, day, day)
    yield replace(slip, issued_at=datetime.combine(day + timedelta(days=1), HALF_PAST_ONE, JAPAN))
