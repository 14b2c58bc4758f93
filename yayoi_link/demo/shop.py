"""What a coffee shop or a bookshop rings up on a day: pure and deterministic, the same slips for the same shop and date."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from closing.categories import PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.tax import own_tax

JAPAN = ZoneInfo("Asia/Tokyo")
SATURDAY = 5
NOTES = (1000, 5000, 10000)

# (price in yen, category): eaten in at 10 %, taken away and groceries at 8 %.
COFFEE_SHOP = (
    (480, TaxCategory.STANDARD_10),
    (560, TaxCategory.STANDARD_10),
    (620, TaxCategory.STANDARD_10),
    (780, TaxCategory.STANDARD_10),
    (1180, TaxCategory.STANDARD_10),
    (1280, TaxCategory.STANDARD_10),
    (450, TaxCategory.REDUCED_8),
    (520, TaxCategory.REDUCED_8),
    (680, TaxCategory.REDUCED_8),
    (1460, TaxCategory.REDUCED_8),
)
BOOKSHOP = (
    (748, TaxCategory.STANDARD_10),
    (1100, TaxCategory.STANDARD_10),
    (1760, TaxCategory.STANDARD_10),
    (2420, TaxCategory.STANDARD_10),
    (350, TaxCategory.REDUCED_8),
)
GIFT_CARD = 3000
OPEN_FOR = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Shop:
    """How a shop trades. Hours are those of the day, `customers` the mean of a weekday, `peaks` its busiest hours."""

    store: str
    opens: int
    closes: int
    customers: int
    menu: tuple[tuple[int, TaxCategory], ...]
    staff: tuple[str, ...]
    registers: int = 1
    weekend: float = 1.3
    # Whether cases out of the ordinary happen here (slip_cases.py, incidents.py).
    is_eventful: bool = True
    peaks: tuple[int, ...] = (12, 13, 18, 19)
    methods: tuple[tuple[str, int], ...] = (("CASH", 36), ("VISA", 22), ("PAYPAY", 22), ("SUICA", 14), ("GIFT", 3), ("OWN", 3))
    # How much earlier than usual everything happens.
    ahead: timedelta = timedelta(0)

    def open_for_hours(self, moment: datetime, *, day: date) -> "Shop":
        """Return the shop as it trades on a day of which this is the moment now: who tries the demo at seven finds sales of that day."""
        wanted = datetime.combine(day, time(self.opens), JAPAN) + OPEN_FOR
        return replace(self, ahead=max(timedelta(0), wanted - moment))


def slips_of_day(shop: Shop, day: date) -> list[SlipContent]:
    """Return the day's slips in the order of their times: sales, and here and there a mistake or something brought back."""
    sales = _sales(shop, day)
    chance = random.Random(f"{shop.store}/{day}/red")  # noqa: S311 (made-up trade, nothing secret)
    reds = [*_mistakes(shop, sales, chance), *_returns(shop, _sales(shop, day - timedelta(days=1)), day, chance)]
    in_order = sorted([*sales, *reds], key=lambda slip: slip.issued_at)
    return [replace(slip, issued_at=slip.issued_at - shop.ahead) for slip in in_order]


def cash_difference_of_day(shop: Shop, day: date, register: int) -> int:
    """Return by how many yen the drawer is off that evening: mostly 0, now and then a coin, rarely a note."""
    chance = random.Random(f"{shop.store}/{day}/{register}/drawer")  # noqa: S311
    return chance.choices((0, -10, 10, -50, 100, -100, -500, -1000), (80, 5, 4, 3, 3, 2, 2, 1))[0]


def _sales(shop, day):
    chance = random.Random(f"{shop.store}/{day}")  # noqa: S311
    mean = shop.customers * (shop.weekend if day.weekday() >= SATURDAY else 1)
    times = sorted(_time(shop, day, chance) for _ in range(round(chance.gauss(mean, mean / 8))))
    return [_sale(shop, day, number, moment, chance) for number, moment in enumerate(times, 1)]


def _time(shop, day, chance):
    hours = range(shop.opens, shop.closes)
    hour = chance.choices(hours, [3 if hour in shop.peaks else 1 for hour in hours])[0]
    opened = datetime.combine(day, time(hour=0), JAPAN)
    return opened + timedelta(hours=hour, minutes=chance.randrange(60), seconds=chance.randrange(60))


def _sale(shop, day, number, moment, chance):
    items = chance.choices(shop.menu, k=chance.choices((1, 2, 3, 4), (4, 4, 2, 1))[0])
    taxes = tuple(_taxes(items, day))
    if chance.random() < 0.01:
        taxes = (*taxes, TaxPart(TaxCategory.NON_SALES_VOUCHER, GIFT_CARD, 0))
    return SlipContent(
        number=f"{number:06}",
        kind=SlipKind.SALE,
        business_date=day,
        issued_at=moment,
        register_number=chance.randint(1, shop.registers),
        staff_code=chance.choice(shop.staff),
        taxes=taxes,
        payments=tuple(_payments(shop, sum(part.amount for part in taxes), chance)),
        guests=chance.randint(1, 3),
        discount=50 * (chance.random() < 0.05),
    )


def _taxes(items, day) -> Iterator[TaxPart]:
    for category in sorted({category for _, category in items}, key=lambda category: category.position):
        amount = sum(price for price, priced_at in items if priced_at is category)
        yield TaxPart(category, amount, own_tax(amount, category, day))


def _payments(shop, total, chance) -> Iterator[PaymentPart]:
    codes, weights = zip(*shop.methods, strict=True)
    method = chance.choices(codes, weights)[0]
    if method in ("GIFT", "OWN"):
        voucher = min(total, 500 * chance.randint(1, 4))
        yield PaymentPart(method, voucher)
        method, total = "CASH", total - voucher
    if method == "CASH" and total:
        note = chance.choice([note for note in NOTES if note >= total] or [total])
        tendered = chance.choice((total, note, note))
        yield PaymentPart("CASH", total, tendered, tendered - total)
    elif total:
        yield PaymentPart(method, total)


def _mistakes(shop, sales, chance) -> Iterator[SlipContent]:
    """Rung up wrongly and put right at once: a red slip, and mostly a black one."""
    for sale in chance.sample(sales, round(len(sales) * 0.012)):
        red = _red(sale, _as_original(shop, sale), number=f"9{sale.number[1:]}", reason=ReversalReason.MISTAKE, minutes=2)
        yield red
        if chance.random() < 0.7:
            yield replace(
                sale,
                number=f"8{sale.number[1:]}",
                kind=SlipKind.CORRECTION,
                original=_as_original(shop, red),
                issued_at=sale.issued_at + timedelta(minutes=3),
            )


def _returns(shop, yesterday, day, chance) -> Iterator[SlipContent]:
    for sale in chance.sample(yesterday, min(len(yesterday), chance.random() < 0.25)):
        red = _red(sale, _as_original(shop, sale), number=f"7{sale.number[1:]}", reason=ReversalReason.RETURN, minutes=24 * 60)
        yield replace(red, business_date=day)


def _as_original(shop, slip):
    return OriginalSlip(shop.store, slip.register_number, slip.business_date, slip.number)


def _red(sale, original, *, number, reason, minutes):
    return replace(
        sale,
        number=number,
        kind=SlipKind.REVERSAL,
        original=original,
        reason=reason,
        issued_at=sale.issued_at + timedelta(minutes=minutes),
        taxes=tuple(TaxPart(part.category, -part.amount, -part.tax) for part in sale.taxes),
        payments=tuple(PaymentPart(part.method, -part.amount) for part in sale.payments),
        discount=-sale.discount,
        guests=-sale.guests,
    )


# (code, name, kind)
METHODS = (
    ("CASH", "現金", PaymentKind.CASH),
    ("VISA", "クレジットカード", PaymentKind.CREDIT),
    ("PAYPAY", "PayPay", PaymentKind.QR),
    ("SUICA", "交通系IC", PaymentKind.E_MONEY),
    ("GIFT", "百貨店共通商品券", PaymentKind.OTHER_VOUCHER),
    ("OWN", "自社商品券", PaymentKind.OWN_VOUCHER),
    ("SHARED", "共通ポイント", PaymentKind.SHARED_POINTS),
    ("DEPOSIT", "予約金充当", PaymentKind.DEPOSIT),
    ("YAMADA", "山田商事", PaymentKind.ON_ACCOUNT),
    ("EATS", "デリバリー", PaymentKind.DELIVERY),
)
