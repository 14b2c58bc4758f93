"""差分: what a new revision of a day has more or less than what of it is at Yayoi. All money is whole yen.

A posting is read per key as a signed amount: positive where the money stands on the debit. What the books have of a key is
the sum over the postings; what they lack of the new revision becomes one entry, or, where one ordinary line cannot say it,
the reversal of the old line and the new line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from yayoi_link.descriptions import JournalContext, corrected
from yayoi_link.journal import LARGEST_AMOUNT, Journal, JournalEntry, Side, ordinary_parts

REVERSAL = "/reversal"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the books have of one key: a signed amount and the tax in it (yen), and the accounts that it stands on."""

    amount: int
    tax: int
    money: Side
    counter: Side
    description: str


def key_of_line(entry: JournalEntry) -> str:
    """Return the key that the entry belongs to: a reversal belongs to the line that it reverses."""
    return entry.key.removesuffix(REVERSAL)


def standings(postings: Iterable[Iterable[JournalEntry]]) -> dict[str, Standing]:
    """Return what the postings together have of each key, the earliest posting first.

    The accounts are those on which the key was last posted: the first posting's, as every difference keeps them, except
    where a line was reversed whole and posted anew.
    """
    found: dict[str, Standing] = {}
    for posting in postings:
        # Reversals first: what is posted anew beside one says where the key stands from then on.
        for entry in sorted(posting, key=lambda entry: not entry.key.endswith(REVERSAL)):
            key = key_of_line(entry)
            before = found.get(key)
            found[key] = Standing(
                amount=entry.signed_amount + (before.amount if before else 0),
                tax=entry.signed_tax + (before.tax if before else 0),
                money=entry.money,
                counter=entry.counter,
                description=before.description if before else entry.description,
            )
    return found


def difference(baseline: Sequence[Iterable[JournalEntry]], new: Journal, context: JournalContext) -> tuple[JournalEntry, ...]:
    """Return the entries that turn what the baseline has into exactly the new revision, sorted by key; none when nothing differs.

    `baseline`: the latest full posting that is at Yayoi and the differences after it. `new`: the new revision's journal, booked
    with `context`, which says that it corrects. Entries keep the accounts of the first posting and carry the context's date.
    A line whose 税区分 has changed since is reversed whole and posted anew: its tax would not fit the old one.
    """
    before, after = standings(baseline), standings([new.entries])
    entries: list[JournalEntry] = []
    for key in sorted(before.keys() | after.keys()):
        entries += _entries_of_key(key, before.get(key), after.get(key), _description(key, before.get(key), new, context), context)
    return tuple(sorted(entries, key=lambda entry: entry.key))


def on_accounts_of(postings: Sequence[Iterable[JournalEntry]], entries: Iterable[JournalEntry]) -> tuple[JournalEntry, ...]:
    """Return the entries of a whole day on the accounts on which their keys stand after the postings, the earliest first.

    A key that the postings do not have, or have under another 税区分, keeps its own accounts, as it would in a difference.
    """
    before = standings(postings)
    return tuple(_moved(entry, before.get(entry.key)) for entry in entries)


def _moved(entry: JournalEntry, old: Standing | None) -> JournalEntry:
    if old is None or old.counter.tax_category != entry.counter.tax_category:
        return entry
    debit, credit = (old.money, old.counter) if entry.money_on_debit else (old.counter, old.money)
    return replace(entry, debit=debit, credit=credit)


def _entries_of_key(key: str, old: Standing | None, new: Standing | None, text: str, context: JournalContext) -> list[JournalEntry]:
    if old is None or (old.amount, old.tax) == (0, 0):
        return [] if new is None else [_entry(key, _on_accounts_of(old, new), text, context)]
    if new is None:
        return [_entry(key, _negated(old), text, context)]
    target = _on_accounts_of(old, new)
    change = replace(target, amount=target.amount - old.amount, tax=target.tax - old.tax)
    if (change.amount, change.tax) == (0, 0) and target.counter == old.counter:
        return []
    if target.counter == old.counter and _is_one_ordinary_line(change):
        return [_entry(key, change, text, context)]
    return [_entry(key + REVERSAL, _negated(old), text, context), _entry(key, target, text, context)]


def _on_accounts_of(old: Standing | None, new: Standing) -> Standing:
    if old is None or old.counter.tax_category != new.counter.tax_category:
        return new
    return replace(new, money=old.money, counter=old.counter)


def _negated(standing: Standing) -> Standing:
    return replace(standing, amount=-standing.amount, tax=-standing.tax)


def _is_one_ordinary_line(change: Standing) -> bool:
    return len(ordinary_parts(change.amount, change.tax)) == 1 and abs(change.amount) <= LARGEST_AMOUNT


def _entry(key: str, change: Standing, text: str, context: JournalContext) -> JournalEntry:
    is_income = change.amount > 0
    return JournalEntry(
        key=key,
        date=context.row_date,
        debit=change.money if is_income else change.counter,
        credit=change.counter if is_income else change.money,
        amount=abs(change.amount),
        tax_amount=abs(change.tax),
        description=text,
        money_on_debit=is_income,
    )


def _description(key: str, old: Standing | None, new: Journal, context: JournalContext) -> str:
    """The 摘要 of the day's own line; of a line that the day no longer has, the old one with 訂正 and the new reference."""
    for line, text in new.descriptions:
        if key == line or key.startswith(f"{line}/"):
            return text
    if old is None:
        raise ValueError(f"no line of the day has the key {key}")
    return corrected(old.description, context)
