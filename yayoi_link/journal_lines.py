"""The lines of a day before they have sides: what is posted, under which key, phrase and accounts. All money is whole yen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from closing.categories import MovementDirection, Nature, TaxCategory
from closing.figures import DayFigures, MovementLine, SalesLine
from closing.tax import FIRST_DAY, own_tax
from yayoi_link.accounts import OUT_OF_SCOPE, Account, Mapping, ReasonAccount, rate_of
from yayoi_link.descriptions import JournalContext, sales_phrase


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it has sides: a positive amount has the money on the debit. None is an account nobody chose."""

    key: str
    phrase: str
    amount: int
    money: Account | None
    counter: Account | None
    tax: int = 0
    tax_category: str = OUT_OF_SCOPE
    method_name: str = ""
    details: tuple[str, ...] = ()
    # False: the company has chosen 送らない.
    is_sent: bool = True

    @property
    def is_zero(self) -> bool:
        return not self.amount and not self.tax

    @property
    def is_posted(self) -> bool:
        return self.is_sent and not self.is_zero

    @property
    def lacks_account(self) -> bool:
        return self.is_posted and (self.money is None or self.counter is None)


def lines_of(figures: DayFigures, context: JournalContext, mapping: Mapping) -> list[Line]:
    """Return every line of the day, those too that come to zero and those that the mapping says are not sent."""
    lines = [*_sales_lines(figures, mapping), *_overage_lines(figures, context, mapping)]
    for movement in figures.movements:
        lines += _movement_lines(movement, context, mapping)
    return [*lines, *_cash_lines(figures, context, mapping)]


def _taxed(tax_category: str, amount: int, on: date, mapping: Mapping) -> dict[str, Any]:
    """Return the 税区分 of a line that is no sale, and the tax in it where the books want to know.

    The date is what somebody typed on a receipt, or the 営業日. 切捨て whatever the company does with its own slips: for purchases
    切上げ is not allowed.
    """
    rate = rate_of(tax_category) if mapping.carries_tax else None
    return {"tax_category": tax_category, "tax": own_tax(amount, rate, max(on, FIRST_DAY)) if rate else 0}


def _cash_lines(figures: DayFigures, context: JournalContext, mapping: Mapping) -> Iterator[Line]:
    """What the drawers held: 過不足, and, where the company sends them, what moved between drawer and 金庫.

    Between drawer and 金庫 nothing is earned or lost, and by default nothing is sent: no line says so day by day.
    """
    for key, phrase, amount in (("over", "現金過剰", figures.overs), ("short", "現金不足", -figures.shorts)):
        taxed = _taxed(mapping.own_tax_category(mapping.over_short_tax_category), amount, context.business_date, mapping)
        yield Line(key, phrase, amount, mapping.cash, mapping.over_short, is_sent=mapping.sends_over_short, **taxed)
    drawer = mapping.drawer
    if mapping.pickup:
        yield Line("pickup", "売上回収", -figures.pickup, drawer, mapping.pickup)
    if mapping.float_adjustment:
        yield Line("float_adjustment", "釣銭引継差額", figures.float_adjustment, drawer, mapping.float_adjustment)
    if mapping.float_handed_out:
        # What was carried over lies in 金庫 overnight: the drawer gives it back in the evening.
        yield Line("float", "釣銭準備金", figures.opening_float - figures.float_adjustment, drawer, mapping.float_handed_out)
        yield Line("carry_over", "翌日釣銭準備金", -figures.carry_over, drawer, mapping.float_handed_out)


_SALES_KEYS = {Nature.SALE: "sales", Nature.MISTAKE: "sales", Nature.EARLIER_MISTAKE: "mistakes", Nature.RETURN: "returns"}


def sales_key(nature: Nature, method: str, category: TaxCategory) -> str:
    """Return the key of the row that takes what a method paid of a category, e.g. sales/CASH/STANDARD_10."""
    return f"{_SALES_KEYS[nature]}/{method}/{category}"


def natures_of(family: str) -> tuple[Nature, ...]:
    """Return what is netted in the rows whose keys begin so; nothing for rows that are not of slips."""
    return tuple(nature for nature, word in _SALES_KEYS.items() if word == family)


def _sales_lines(figures: DayFigures, mapping: Mapping) -> Iterator[Line]:
    nets: dict[str, list[SalesLine]] = {}
    for line in figures.lines:
        nets.setdefault(sales_key(line.nature, line.method, line.category), []).append(line)
    for key, netted in nets.items():
        line = netted[0]
        yield Line(
            key=key,
            phrase=sales_phrase(line.method_name, line.category, line.nature),
            amount=sum(part.amount for part in netted),
            tax=sum(part.tax for part in netted) if mapping.carries_tax else 0,
            money=mapping.money_side(line.kind, line.method),
            counter=mapping.counter_side(line.category),
            tax_category=mapping.sales_tax_category(line.category, line.nature),
            method_name=line.method_name,
            is_sent=mapping.sends_sale(line.kind, line.method, line.category),
        )


def _overage_lines(figures: DayFigures, context: JournalContext, mapping: Mapping) -> Iterator[Line]:
    for overage in figures.overages:
        yield Line(
            key=f"overage/{overage.method}",
            phrase=f"{overage.method_name}金券等差額",
            amount=overage.amount,
            money=mapping.money_side(overage.kind, overage.method),
            counter=mapping.overage,
            method_name=overage.method_name,
            is_sent=mapping.sends_overage and mapping.sends_payment(overage.kind, overage.method),
            **_taxed(mapping.own_tax_category(mapping.overage_tax_category), overage.amount, context.business_date, mapping),
        )


def _movement_lines(movement: MovementLine, context: JournalContext, mapping: Mapping) -> Iterator[Line]:
    reason = mapping.reason(movement.reason) or ReasonAccount(None)
    family, word, money = _movement_kind(movement.direction, mapping)
    if not movement.direction.is_inward and reason.is_expense:
        yield from _expense_lines(movement, context, mapping, reason)
        return
    amount = movement.amount if movement.direction.is_inward else -movement.amount
    tail = "" if movement.direction.is_inward else f"/{TaxCategory.OUT_OF_SCOPE}"
    yield Line(
        key=f"{family}/{movement.movement}{tail}",
        phrase=f"{word} {movement.reason_name}",
        amount=amount,
        money=money,
        counter=reason.account,
        details=_details(movement),
        is_sent=reason.is_sent,
        **_taxed(mapping.own_tax_category(reason.tax_category), amount, context.business_date, mapping),
    )


def _movement_kind(direction: MovementDirection, mapping: Mapping) -> tuple[str, str, Account | None]:
    """Return the first part of the key, the first word of the phrase, and the money side; an explanation moves no cash."""
    kinds = {
        MovementDirection.PAID_IN: ("paid_in", "入金", mapping.cash),
        MovementDirection.PAID_OUT: ("paid_out", "出金", mapping.cash),
        MovementDirection.SHORT_EXPLAINED: ("short_explained", "不足判明", mapping.over_short),
        MovementDirection.OVER_EXPLAINED: ("over_explained", "過剰判明", mapping.over_short),
    }
    return kinds[direction]


def _expense_lines(movement: MovementLine, context: JournalContext, mapping: Mapping, reason: ReasonAccount) -> Iterator[Line]:
    parts = [
        (TaxCategory.STANDARD_10, movement.amount - movement.reduced_amount, "10%"),
        (TaxCategory.REDUCED_8, movement.reduced_amount, "8%軽減"),
    ]
    receipt_date = movement.receipt_date or context.business_date
    family, word, money = _movement_kind(movement.direction, mapping)
    is_qualified = bool(movement.registration_no)
    for category, amount, rate in parts:
        composed = mapping.purchase_tax_category(category, receipt_date=receipt_date, is_qualified=is_qualified)
        tax_category = mapping.own_tax_category(reason.tax_category) if reason.tax_category else composed
        yield Line(
            key=f"{family}/{movement.movement}/{category}",
            phrase=f"{word} {movement.reason_name}{rate}",
            amount=-amount,
            money=money,
            counter=reason.account,
            details=_details(movement),
            is_sent=reason.is_sent,
            **_taxed(tax_category, -amount, receipt_date, mapping),
        )


def _details(movement: MovementLine) -> tuple[str, ...]:
    """支払先, 領収書日付 and 内容 belong into the books of whoever deducts the tax; 登録番号 that nobody has decided on says so."""
    receipt = f"{movement.receipt_date:%y/%m/%d}" if movement.receipt_date else ""
    explained = f"{movement.explains:%y/%m/%d}分" if movement.explains else ""
    unclear = "要確認" if movement.is_registration_unclear else ""
    return (unclear, movement.payee, receipt, explained, movement.memo)
