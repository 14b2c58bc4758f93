"""How slips come in: the same checks and the same booking for every way. Nothing here edits a slip; repeats change nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import batched

from django.db import transaction

from closing import slip_columns as columns
from closing.categories import SlipKind
from closing.models import Slip
from closing.originals import as_original, connect_originals, find_originals, lock_originals, reference, taken_back
from closing.slip_content import OriginalSlip, Problem, ProblemCode, SlipContent, content_digest
from closing.slip_rules import broken_rules
from closing.slip_writing import Shelf, write_slips
from closing.trading_day import lock_stores, open_day
from stores.audit import Origin
from stores.models import Store

NUMBERS_AT_ONCE = 500

type SlipKey = tuple[int, date, str]
type Digest = tuple[int, int]


class Booked(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Booking:
    """What became of one slip, in the order in which they were given."""

    content: SlipContent
    status: Booked
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Batch:
    """What was there before, and what this call has accepted so far."""

    digests: dict[SlipKey, Digest] = field(default_factory=dict)
    originals: dict[OriginalSlip, Slip] = field(default_factory=dict)
    taken_back: Counter[str] = field(default_factory=Counter)
    accepted: dict[str, tuple[SlipKind, int]] = field(default_factory=dict)
    reversed: Counter[str] = field(default_factory=Counter)

    def accept(self, store: Store, content: SlipContent, digest: Digest) -> None:
        self.digests[_key(content)] = digest
        self.accepted[reference(as_original(store, content))] = (content.kind, content.total)
        if content.is_red:
            self.reversed[reference(content.original)] += content.total

    def look_up(self, shelf: Shelf, contents: Sequence[SlipContent]) -> None:
        """Ask what is in the books of these slips and of those that they follow."""
        # What an earlier piece was told stands over what is in the books: that may not be there yet.
        for key, digest in _booked_digests(shelf, contents).items():
            self.digests.setdefault(key, digest)
        followed = {content.original for content in contents if content.original}
        self.originals = find_originals(shelf.store.company_id, followed)
        self.taken_back = taken_back(shelf.store.company_id, map(reference, followed))


@transaction.atomic
def book_slips(store: Store, contents: Sequence[SlipContent], *, by: Origin, today: date) -> list[Booking]:
    """Book the slips of one store, each once; a day that was not opened yet is opened, a closed one becomes 閉局後に変更あり.

    The same content twice is `unchanged`, other content under the same number a `conflict`, and neither is written; one bad
    slip never fails the others. Who wants all or nothing rolls back.
    """
    # On PostgreSQL two batches of a store wait for each other here, so that neither misses what the other books: nor a red slip
    # the original that comes in at another store at the same moment.
    lock_stores(store.company_id, places_of(store, contents))
    lock_originals(store, contents)
    judge = Judge(store, today=today)
    bookings = judge.judge(contents)
    new = [booking.content for booking in bookings if booking.status is Booked.CREATED]
    for day, slips in _by_day(new).items():
        write_slips(judge.shelf, open_day(store, day, by=by, today=today), slips, at=by.at)
        connect_originals(store, slips)
    return bookings


def judge_slips(store: Store, contents: Sequence[SlipContent], *, today: date) -> list[Booking]:
    """Say what `book_slips` would make of the slips now, without writing anything."""
    return Judge(store, today=today).judge(contents)


class Judge:
    """Says of many slips, piece by piece, what `book_slips` would make of them: a piece knows what those before it would have booked."""

    def __init__(self, store: Store, *, today: date) -> None:
        self.shelf, self._batch, self._today = Shelf.of(store), _Batch(), today

    def judge(self, contents: Sequence[SlipContent]) -> list[Booking]:
        """Return what would become of each slip, in the order in which they are given."""
        self._batch.look_up(self.shelf, contents)
        return [_judge(self.shelf, content, self._batch, today=self._today) for content in contents]


def places_of(store: Store, contents: Iterable[SlipContent]) -> set[str]:
    """Return the codes of the stores that the slips touch: their own, and those of the slips that they follow."""
    return {store.code, *(content.original.store for content in contents if content.original)}


def _booked_digests(shelf: Shelf, contents: Iterable[SlipContent]) -> dict[SlipKey, Digest]:
    """Asked by the names of the slips: a day may hold a hundred times as many."""
    numbers = defaultdict(set)
    for content in contents:
        if content.register_number in shelf.registers:
            numbers[content.register_number, content.business_date].add(content.number)
    booked = {}
    for (register, day), named in numbers.items():
        slips = Slip.objects.filter(register=shelf.registers[register], business_date=day).order_by()
        for some in batched(sorted(named), NUMBERS_AT_ONCE):
            rows = slips.filter(number__in=some).values_list("number", "digest_high", "digest_low")
            booked |= {(register, day, number): (high, low) for number, high, low in rows}
    return booked


def _judge(shelf: Shelf, content: SlipContent, batch: _Batch, *, today: date) -> Booking:
    known, digest = batch.digests.get(_key(content)), content_digest(content)
    if known == digest:
        return Booking(content, Booked.UNCHANGED)
    if known:
        return Booking(content, Booked.CONFLICT, (Problem(ProblemCode.OTHER_CONTENT, columns.NUMBER, content.number),))
    problems = (
        *broken_rules(content, shelf.kinds),
        *_problems_of_place_and_time(shelf, content, today),
        *_problems_with_original(content, batch),
    )
    if problems:
        return Booking(content, Booked.INVALID, problems)
    batch.accept(shelf.store, content, digest)
    return Booking(content, Booked.CREATED)


def _key(content: SlipContent) -> SlipKey:
    return content.register_number, content.business_date, content.number


def _problems_of_place_and_time(shelf, content, today):
    if content.register_number not in shelf.registers:
        yield Problem(ProblemCode.UNKNOWN_REGISTER, columns.REGISTER, str(content.register_number))
    if content.business_date > today:
        yield Problem(ProblemCode.FUTURE_DATE, columns.BUSINESS_DATE, content.business_date.isoformat())
    if content.business_date.replace(day=1) in shelf.locked_months:
        yield Problem(ProblemCode.MONTH_LOCKED, columns.BUSINESS_DATE, content.business_date.isoformat())


def _problems_with_original(content, batch):
    """An original that is not there yet may arrive later; one that is there sets the limits."""
    if content.original is None:
        return
    name = reference(content.original)
    found = batch.originals.get(content.original)
    kind, total = (found.kind, found.total) if found else batch.accepted.get(name, (None, 0))
    if kind is None:
        return
    if content.kind is SlipKind.CORRECTION and kind != SlipKind.REVERSAL:
        yield Problem(ProblemCode.NOT_TAKEN_BACK_BEFORE, columns.ORIGINAL, name)
    if content.is_red and -(content.total + batch.taken_back[name] + batch.reversed[name]) > total:
        yield Problem(ProblemCode.MORE_THAN_ORIGINAL, columns.ORIGINAL, name)


def _by_day(contents):
    days = defaultdict(list)
    for content in contents:
        days[content.business_date].append(content)
    return dict(sorted(days.items()))
