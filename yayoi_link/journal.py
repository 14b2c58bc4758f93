"""From the figures of a day to journal entries. All money is whole yen; amounts of entries are positive.

Entries balance by construction: each has one amount, a debit and a credit. What a line is missing (an account, a character
that Yayoi can hold) does not stop the others; it is listed, and the delivery is held until somebody has decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from closing.categories import MovementDirection, Nature, TaxCategory
from closing.figures import DayFigures, MovementLine, SalesLine
from closing.split import apportion
from closing.tax import own_tax
from yayoi_link.accounts import OUT_OF_SCOPE, Account, Mapping
from yayoi_link.descriptions import JournalContext, description, sales_phrase
from yayoi_link.writable import UnwritableText, writable

__all__ = ["Journal", "JournalContext", "JournalEntry", "Missing", "Side", "journal", "ordinary_parts", "sales_key"]

LARGEST_AMOUNT = 999_999_999


@dataclass(frozen=True, slots=True)
class Side:
    account: str
    sub_account: str = ""
    department: str = ""
    tax_category: str = OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One row of the books. `money_on_debit` says which side is the money: 収入 when it is the debit."""

    key: str
    date: date
    debit: Side
    credit: Side
    amount: int
    tax_amount: int
    description: str
    money_on_debit: bool

    @property
    def money(self) -> Side:
        return self.debit if self.money_on_debit else self.credit

    @property
    def counter(self) -> Side:
        return self.credit if self.money_on_debit else self.debit

    @property
    def is_reduced_rate(self) -> bool:
        return "軽減" in self.counter.tax_category


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a line could not be written: no account, or (then `character` is given) a character without equivalent."""

    key: str
    phrase: str
    character: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    entries: tuple[JournalEntry, ...] = ()
    missing: tuple[Missing, ...] = ()
    # (key, 摘要) of every line of the day, of those too that come to zero: what a reversal of an older posting is called.
    descriptions: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Nothing to send, and nothing that stands in the way."""
        return not self.entries and not self.missing

    @property
    def income(self) -> int:
        return sum(entry.amount for entry in self.entries if entry.money_on_debit)

    @property
    def expense(self) -> int:
        return sum(entry.amount for entry in self.entries if not entry.money_on_debit)


@dataclass(frozen=True, slots=True)
class _Line:
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

    @property
    def is_zero(self) -> bool:
        return not self.amount and not self.tax


def journal(figures: DayFigures, context: JournalContext, mapping: Mapping) -> Journal:
    """Return the entries of a day sorted by key, and what is missing.

    Sales of a method and category are netted with the same day's mistakes; returns and earlier mistakes stand alone. A
    negative net swaps the sides. Left out is what is zero and what the mapping says is not sent: by default float, pickup and
    float adjustment.
    """
    entries: list[JournalEntry] = []
    missing: list[Missing] = []
    descriptions: list[tuple[str, str]] = []
    for line in _lines(figures, context, mapping):
        if not line.is_zero and (line.money is None or line.counter is None):
            missing.append(Missing(line.key, line.phrase))
            continue
        try:
            descriptions.append((line.key, description(line.phrase, context, *line.details)))
            entries += _entries(line, context, descriptions[-1][1])
        except UnwritableText as refused:
            missing += [] if line.is_zero else [Missing(line.key, line.phrase, refused.character)]
    return Journal(tuple(sorted(entries, key=lambda entry: entry.key)), tuple(missing), tuple(descriptions))


def _lines(figures: DayFigures, context: JournalContext, mapping: Mapping) -> list[_Line]:
    lines = [*_sales_lines(figures, mapping), *_overage_lines(figures, mapping)]
    for movement in figures.movements:
        lines += _movement_lines(movement, context, mapping)
    return [*lines, *_cash_lines(figures, mapping)]


def _cash_lines(figures: DayFigures, mapping: Mapping) -> Iterator[_Line]:
    """What the drawers held: 過不足, and, where the company sends them, what moved between drawer and 金庫."""
    if mapping.sends_over_short:
        yield _Line("over", "現金過剰", figures.overs, mapping.cash, mapping.over_short)
        yield _Line("short", "現金不足", -figures.shorts, mapping.cash, mapping.over_short)
    drawer = mapping.drawer
    if mapping.pickup:
        yield _Line("pickup", "売上回収", -figures.pickup, drawer, mapping.pickup)
    if mapping.float_adjustment:
        yield _Line("float_adjustment", "釣銭引継差額", figures.float_adjustment, drawer, mapping.float_adjustment)
    if mapping.float_handed_out:
        # What was carried over lies in 金庫 overnight: the drawer gives it back in the evening.
        yield _Line("float", "釣銭準備金", figures.opening_float - figures.float_adjustment, drawer, mapping.float_handed_out)
        yield _Line("carry_over", "翌日釣銭準備金", -figures.carry_over, drawer, mapping.float_handed_out)


_SALES_KEYS = {Nature.SALE: "sales", Nature.MISTAKE: "sales", Nature.EARLIER_MISTAKE: "mistakes", Nature.RETURN: "returns"}


def sales_key(nature: Nature, method: str, category: TaxCategory) -> str:
    """Return the key of the row that takes what a method paid of a category, e.g. sales/CASH/STANDARD_10."""
    return f"{_SALES_KEYS[nature]}/{method}/{category}"


def _sales_lines(figures: DayFigures, mapping: Mapping) -> Iterator[_Line]:
    nets: dict[str, list[SalesLine]] = {}
    for line in figures.lines:
        nets.setdefault(sales_key(line.nature, line.method, line.category), []).append(line)
    for key, netted in nets.items():
        line = netted[0]
        yield _Line(
            key=key,
            phrase=sales_phrase(line.method_name, line.category, line.nature),
            amount=sum(part.amount for part in netted),
            tax=sum(part.tax for part in netted) if mapping.carries_tax else 0,
            money=mapping.money_side(line.kind, line.method),
            counter=mapping.counter_side(line.category),
            tax_category=mapping.sales_tax_category(line.category, line.nature),
            method_name=line.method_name,
        )


def _overage_lines(figures: DayFigures, mapping: Mapping) -> Iterator[_Line]:
    for overage in figures.overages:
        yield _Line(
            key=f"overage/{overage.method}",
            phrase=f"{overage.method_name}金券等差額",
            amount=overage.amount,
            money=mapping.money_side(overage.kind, overage.method),
            counter=mapping.overage,
            method_name=overage.method_name,
        )


def _movement_lines(movement: MovementLine, context: JournalContext, mapping: Mapping) -> Iterator[_Line]:
    reason = mapping.reason(movement.reason)
    if reason and not reason.is_sent:
        return
    account = reason.account if reason else None
    family, word, money = _movement_kind(movement.direction, mapping)
    if movement.direction.is_inward:
        key, phrase = f"{family}/{movement.movement}", f"{word} {movement.reason_name}"
        yield _Line(key, phrase, movement.amount, money, account, details=_details(movement))
    elif reason and reason.is_expense:
        yield from _expense_lines(movement, context, mapping, account)
    else:
        key, phrase = f"{family}/{movement.movement}/{TaxCategory.OUT_OF_SCOPE}", f"{word} {movement.reason_name}"
        yield _Line(key, phrase, -movement.amount, money, account, details=_details(movement))


def _movement_kind(direction: MovementDirection, mapping: Mapping) -> tuple[str, str, Account | None]:
    """Return the first part of the key, the first word of the phrase, and the money side; an explanation moves no cash."""
    kinds = {
        MovementDirection.PAID_IN: ("paid_in", "入金", mapping.cash),
        MovementDirection.PAID_OUT: ("paid_out", "出金", mapping.cash),
        MovementDirection.SHORT_EXPLAINED: ("short_explained", "不足判明", mapping.over_short),
        MovementDirection.OVER_EXPLAINED: ("over_explained", "過剰判明", mapping.over_short),
    }
    return kinds[direction]


def _expense_lines(movement: MovementLine, context: JournalContext, mapping: Mapping, account: Account | None) -> Iterator[_Line]:
    parts = [
        (TaxCategory.STANDARD_10, movement.amount - movement.reduced_amount, "10%"),
        (TaxCategory.REDUCED_8, movement.reduced_amount, "8%軽減"),
    ]
    receipt_date = movement.receipt_date or context.business_date
    family, word, money = _movement_kind(movement.direction, mapping)
    for category, amount, rate in parts:
        yield _Line(
            key=f"{family}/{movement.movement}/{category}",
            phrase=f"{word} {movement.reason_name}{rate}",
            amount=-amount,
            tax=-own_tax(amount, category, receipt_date) if mapping.carries_tax else 0,
            money=money,
            counter=account,
            tax_category=mapping.purchase_tax_category(category, receipt_date=receipt_date, is_qualified=bool(movement.registration_no)),
            details=_details(movement),
        )


def _details(movement: MovementLine) -> tuple[str, ...]:
    """支払先, 領収書日付 and 内容 belong into the books of whoever deducts the tax."""
    receipt = f"{movement.receipt_date:%y/%m/%d}" if movement.receipt_date else ""
    explained = f"{movement.explains:%y/%m/%d}分" if movement.explains else ""
    return (movement.payee, receipt, explained, movement.memo)


def _entries(line: _Line, context: JournalContext, text: str) -> Iterator[JournalEntry]:
    if line.is_zero:
        return
    money = _side(line.money, line, context)
    counter = _side(line.counter, line, context, tax_category=line.tax_category)
    for part, (amount, tax) in enumerate(ordinary_parts(line.amount, line.tax)):
        for piece, (piece_amount, piece_tax) in enumerate(_pieces(abs(amount), abs(tax)), start=1):
            yield JournalEntry(
                key=line.key + ("/tax" if part else "") + (f"/{piece}" if piece > 1 else ""),
                date=context.business_date,
                debit=money if amount > 0 else counter,
                credit=counter if amount > 0 else money,
                amount=piece_amount,
                tax_amount=piece_tax,
                description=text,
                money_on_debit=amount > 0,
            )


def ordinary_parts(amount: int, tax: int) -> list[tuple[int, int]]:
    """Return the net as one line (amount, tax), or as two where no ordinary line can say it.

    After its sign is turned, an ordinary line has 0 <= tax <= amount. Sales netted with mistakes can break this by a few
    yen: then a line and a small one on the other side together make the same amount and the same tax. Zero is no line.
    """
    if amount == 0 and tax == 0:
        return []
    sign = -1 if amount < 0 else 1
    net, net_tax = sign * amount, sign * tax
    if net_tax < 0:
        parts = [(net - net_tax, 0), (net_tax, net_tax)]
    elif net_tax > net:
        parts = [(net_tax, net_tax), (net - net_tax, 0)]
    else:
        parts = [(net, net_tax)]
    return [(sign * part, sign * part_tax) for part, part_tax in parts]


def _pieces(amount: int, tax: int) -> list[tuple[int, int]]:
    """Cut what is wider than a line of Yayoi can hold."""
    whole, rest = divmod(amount, LARGEST_AMOUNT)
    amounts = [LARGEST_AMOUNT] * whole + [rest] * bool(rest)
    return list(zip(amounts, apportion(tax, amounts), strict=True))


def _side(account: Account, line: _Line, context: JournalContext, tax_category: str = OUT_OF_SCOPE) -> Side:
    return Side(
        account=writable(account.name),
        sub_account=writable(line.method_name if account.per_method else account.sub_account),
        department=writable(context.store_name) if account.per_store else "",
        tax_category=tax_category,
    )
