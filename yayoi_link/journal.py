"""From the figures of a day to journal entries. All money is whole yen; amounts of entries are positive.

Entries balance by construction: each has one amount, a debit and a credit. What a line is missing (an account, a character
that Yayoi can hold) does not stop the others; it is listed, and the delivery is held until somebody has decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from closing.figures import DayFigures
from closing.split import apportion
from yayoi_link.accounts import OUT_OF_SCOPE, Account, Mapping
from yayoi_link.descriptions import JournalContext, description
from yayoi_link.journal_lines import Line, lines_of
from yayoi_link.writable import UnwritableText, writable

__all__ = [
    "SALES_FAMILIES",
    "Journal",
    "JournalContext",
    "JournalEntry",
    "LeftOut",
    "Missing",
    "Side",
    "family_of",
    "journal",
    "ordinary_parts",
]

LARGEST_AMOUNT = 999_999_999
# With these the keys of what slips sold or took back begin: the rows that carry the slips' tax.
SALES_FAMILIES = frozenset({"sales", "returns", "mistakes"})


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

    @property
    def signed_amount(self) -> int:
        """The amount in yen, negative where the money goes out."""
        return self.amount if self.money_on_debit else -self.amount

    @property
    def signed_tax(self) -> int:
        """The tax in it, negative where the money goes out."""
        return self.tax_amount if self.money_on_debit else -self.tax_amount


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a line could not be written: no account, or (then `character` is given) a character without equivalent."""

    key: str
    phrase: str
    character: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the day that the company has chosen not to send (送らない): yen, positive where the money comes in."""

    key: str
    phrase: str
    amount: int
    tax: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    entries: tuple[JournalEntry, ...] = ()
    missing: tuple[Missing, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
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


def journal(figures: DayFigures, context: JournalContext, mapping: Mapping) -> Journal:
    """Return the entries of a day sorted by key, what is missing, and what the mapping says is not sent.

    Sales of a method and category are netted with the same day's mistakes; returns and earlier mistakes stand alone. A
    negative net swaps the sides. Lines of zero are left out.
    """
    entries: list[JournalEntry] = []
    missing: list[Missing] = []
    descriptions: list[tuple[str, str]] = []
    lines = lines_of(figures, context, mapping)
    for line in lines:
        if line.lacks_account:
            missing.append(Missing(line.key, line.phrase))
            continue
        try:
            descriptions.append((line.key, description(line.phrase, context, *line.details)))
            entries += _entries(line, context, descriptions[-1][1])
        except UnwritableText as refused:
            missing += [Missing(line.key, line.phrase, refused.character)] if line.is_posted else []
    left_out = [LeftOut(line.key, line.phrase, line.amount, line.tax) for line in lines if not line.is_sent and not line.is_zero]
    return Journal(tuple(sorted(entries, key=lambda entry: entry.key)), tuple(missing), tuple(left_out), tuple(descriptions))


def _entries(line: Line, context: JournalContext, text: str) -> Iterator[JournalEntry]:
    if not line.is_posted:
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


def family_of(row: JournalEntry | LeftOut) -> str:
    """Return the first word of the row's key, which says what kind of line it is."""
    return row.key.split("/", 1)[0]


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


def _side(account: Account, line: Line, context: JournalContext, tax_category: str = OUT_OF_SCOPE) -> Side:
    return Side(
        account=writable(account.name),
        sub_account=writable(line.method_name if account.per_method else account.sub_account),
        department=writable(context.store_name) if account.per_store else "",
        tax_category=tax_category,
    )
