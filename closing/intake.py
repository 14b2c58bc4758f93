"""How slips come in: the same checks and the same booking for every way. Nothing here edits a slip; repeats change nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import batched

from django.db import transaction
from django.db.models import Sum

from closing import slip_columns as columns
from closing import tax
from closing.cash import cash_parts
from closing.categories import Nature, PaymentKind, ReversalReason, SlipKind
from closing.excess_refunds import mark_excess
from closing.models import BusinessDay, PaymentMethod, Slip, SlipPayment, SlipSplit, SlipTax
from closing.month_locks import locked_months
from closing.slip_content import OriginalSlip, Problem, ProblemCode, SlipContent, content_digest
from closing.slip_rules import broken_rules
from closing.split import split
from closing.tax_rounding import roundings_of
from closing.trading_day import lock_stores, open_day, settle_later
from stores.audit import Origin
from stores.models import Register, Staff, Store

NAMES_AT_ONCE = 500

type SlipKey = tuple[int, date, str]


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


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the store has: its registers, its company's methods and people."""

    store: Store
    registers: dict[int, Register]
    methods: dict[str, PaymentMethod]
    staff: dict[str, int]
    locked_months: frozenset[date]
    roundings: list[tuple[date, tax.Rounding]]

    @classmethod
    def of(cls, store):
        return cls(
            store=store,
            registers={register.number: register for register in store.registers.all()},
            methods={method.code: method for method in PaymentMethod.objects.filter(company=store.company_id)},
            staff=dict(Staff.objects.filter(company=store.company_id).values_list("code", "pk")),
            locked_months=locked_months(store.company_id),
            roundings=roundings_of(store.company_id),
        )

    @property
    def kinds(self):
        return {code: PaymentKind(method.kind) for code, method in self.methods.items()}


@dataclass(slots=True)
class _Batch:
    """What was there before, and what this call has accepted so far."""

    digests: dict[SlipKey, tuple[int, int]]
    accepted: dict[str, tuple[SlipKind, int]] = field(default_factory=dict)
    reversed: Counter[str] = field(default_factory=Counter)

    def accept(self, store, content):
        self.digests[content.register_number, content.business_date, content.number] = content_digest(content)
        self.accepted[reference(_as_original(store, content))] = (content.kind, content.total)
        if content.is_red:
            self.reversed[reference(content.original)] += content.total

    def taken_back(self, store, name):
        red = Slip.objects.filter(day__store__company=store.company_id, kind=SlipKind.REVERSAL, original_reference=name)
        # Said again, because SQLite does not conclude from a name that it is one, and would not use the index of names.
        red = red.exclude(original_reference="")
        return (red.aggregate(sum=Sum("total"))["sum"] or 0) + self.reversed[name]


@transaction.atomic
def book_slips(store: Store, contents: Sequence[SlipContent], *, by: Origin, today: date) -> list[Booking]:
    """Book the slips of one store, each once; a day that was not opened yet is opened, a closed one becomes 閉局後に変更あり.

    The same content twice is `unchanged`, other content under the same number a `conflict`, and neither is written; one bad
    slip never fails the others. Who wants all or nothing rolls back.
    """
    # On PostgreSQL two batches of a store wait for each other here, so that neither misses what the other books: nor a red slip
    # the original that comes in at another store at the same moment.
    lock_stores(store.company_id, places_of(store, contents))
    _lock_originals(store, contents)
    shelf = _Shelf.of(store)
    bookings = _judge_all(shelf, contents, today=today)
    new = [booking.content for booking in bookings if booking.status is Booked.CREATED]
    for day, slips in _by_day(new).items():
        _write(shelf, open_day(store, day, by=by, today=today), slips, at=by.at)
    return bookings


def judge_slips(store: Store, contents: Sequence[SlipContent], *, today: date) -> list[Booking]:
    """Say what `book_slips` would make of the slips now, without writing anything."""
    return Judge(store, today=today).judge(contents)


class Judge:
    """Says of many slips, piece by piece, what `book_slips` would make of them: a piece knows what those before it would have booked."""

    def __init__(self, store: Store, *, today: date) -> None:
        self._shelf, self._batch, self._today = _Shelf.of(store), _Batch({}), today
        self._dates: set[date] = set()

    def judge(self, contents: Sequence[SlipContent]) -> list[Booking]:
        """Return what would become of each slip, in the order in which they are given."""
        dates = {content.business_date for content in contents} - self._dates
        self._batch.digests |= _booked_digests(self._shelf.store, dates)
        self._dates |= dates
        return [_judge(self._shelf, content, self._batch, today=self._today) for content in contents]


def places_of(store: Store, contents: Iterable[SlipContent]) -> set[str]:
    """Return the codes of the stores that the slips touch: their own, and those of the slips that they follow."""
    return {store.code, *(content.original.store for content in contents if content.original)}


def _lock_originals(store, contents):
    """Of two that take the same slip back or correct it at once, the second sees what the first did."""
    originals = {content.original for content in contents if content.original}
    found = [slip.pk for slip in (find_original(store.company_id, original) for original in originals) if slip]
    if found:
        list(Slip.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk"))


def _judge_all(shelf, contents, *, today):
    batch = _Batch(_booked_digests(shelf.store, {content.business_date for content in contents}))
    return [_judge(shelf, content, batch, today=today) for content in contents]


def _booked_digests(store: Store, dates: Iterable[date]) -> dict[SlipKey, tuple[int, int]]:
    slips = Slip.objects.filter(register__store=store, business_date__in=sorted(dates))
    rows = slips.order_by().values_list("register__number", "business_date", "number", "digest_high", "digest_low")
    return {(register, day, number): (high, low) for register, day, number, high, low in rows}


def _judge(shelf, content, batch, *, today):
    known = batch.digests.get((content.register_number, content.business_date, content.number))
    if known == content_digest(content):
        return Booking(content, Booked.UNCHANGED)
    if known:
        return Booking(content, Booked.CONFLICT, (Problem(ProblemCode.OTHER_CONTENT, columns.NUMBER, content.number),))
    problems = (
        *broken_rules(content, shelf.kinds),
        *_problems_of_place_and_time(shelf, content, today),
        *_problems_with_original(shelf.store, content, batch),
    )
    if problems:
        return Booking(content, Booked.INVALID, problems)
    batch.accept(shelf.store, content)
    return Booking(content, Booked.CREATED)


def _problems_of_place_and_time(shelf, content, today):
    if content.register_number not in shelf.registers:
        yield Problem(ProblemCode.UNKNOWN_REGISTER, columns.REGISTER, str(content.register_number))
    if content.business_date > today:
        yield Problem(ProblemCode.FUTURE_DATE, columns.BUSINESS_DATE, content.business_date.isoformat())
    if content.business_date.replace(day=1) in shelf.locked_months:
        yield Problem(ProblemCode.MONTH_LOCKED, columns.BUSINESS_DATE, content.business_date.isoformat())


def _problems_with_original(store, content, batch):
    """An original that is not there yet may arrive later; one that is there sets the limits."""
    if content.original is None:
        return
    name = reference(content.original)
    found = find_original(store.company_id, content.original)
    kind, total = (found.kind, found.total) if found else batch.accepted.get(name, (None, 0))
    if kind is None:
        return
    if content.kind is SlipKind.CORRECTION and kind != SlipKind.REVERSAL:
        yield Problem(ProblemCode.NOT_TAKEN_BACK_BEFORE, columns.ORIGINAL, name)
    if content.is_red and -(content.total + batch.taken_back(store, name)) > total:
        yield Problem(ProblemCode.MORE_THAN_ORIGINAL, columns.ORIGINAL, name)


def _by_day(contents):
    days = defaultdict(list)
    for content in contents:
        days[content.business_date].append(content)
    return dict(sorted(days.items()))


def _write(shelf, day, contents, *, at):
    sales = sum(part.amount for content in contents for part in content.taxes if part.category.is_sales)
    last = BusinessDay.objects.add_entries(day, rows=len(contents), slips=len(contents), sales=sales)
    # Asked only now: the write above waited for a close that was under way.
    is_late = BusinessDay.objects.filter(pk=day.pk, revision__gte=1).exists()
    for number in sorted({content.register_number for content in contents}):
        settle_later(day, shelf.registers[number])
    first = last - len(contents) + 1
    slips = Slip.objects.bulk_create(
        _slip(shelf, day, content, entry=entry, at=at, is_late=is_late) for entry, content in enumerate(contents, first)
    )
    pairs = list(zip(slips, contents, strict=True))
    SlipTax.objects.bulk_create(_tax(shelf, slip, part) for slip, content in pairs for part in content.taxes)
    SlipPayment.objects.bulk_create(_payment(shelf, slip, part) for slip, content in pairs for part in content.payments)
    SlipSplit.objects.bulk_create(row for slip, content in pairs for row in _splits(shelf, slip, content))
    _connect_originals(shelf.store, contents)


def _slip(shelf, day, content, *, entry, at, is_late):
    cash_amounts = [part.amount for part in content.payments if shelf.kinds[part.method] is PaymentKind.CASH]
    cash_sales, cash_refunds, voucher_change = cash_parts(cash_amounts, is_red=content.is_red)
    high, low = content_digest(content)
    return Slip(
        day=day,
        register=shelf.registers[content.register_number],
        business_date=content.business_date,
        number=content.number,
        kind=content.kind,
        entry=entry,
        issued_at=content.issued_at,
        received_at=at,
        is_late=is_late,
        staff_id=shelf.staff.get(content.staff_code),
        staff_code=content.staff_code,
        reason=content.reason or "",
        original_reference=reference(content.original) if content.original else "",
        total=content.total,
        cash_sales=cash_sales,
        cash_refunds=cash_refunds,
        voucher_change=voucher_change,
        discount=content.discount,
        service_charge=content.service_charge,
        points=content.points,
        guests=content.guests,
        digest_high=high,
        digest_low=low,
    )


def _tax(shelf, slip, part):
    rounding = tax.rounding_on(shelf.roundings, slip.business_date)
    off = tax.disagreement(part.tax, part.amount, part.category, slip.business_date, rounding)
    return SlipTax(slip=slip, category=part.category, amount=part.amount, tax=part.tax, tax_disagreement=off)


def _payment(shelf, slip, part):
    return SlipPayment(
        slip=slip,
        method=shelf.methods[part.method],
        amount=part.amount,
        tendered=part.tendered,
        change=part.change,
        overage=part.overage,
    )


def _splits(shelf, slip, content):
    nature = nature_of(content, store_code=shelf.store.code)
    parts = sorted(content.taxes, key=lambda part: part.category.position)
    payments = sorted(content.payments, key=lambda payment: payment.method)
    cells = split([payment.amount for payment in payments], [(part.amount, part.tax) for part in parts])
    for payment, row in zip(payments, cells, strict=True):
        for part, (amount, tax_in_it) in zip(parts, row, strict=True):
            if amount or tax_in_it:
                yield SlipSplit(
                    slip=slip, store=shelf.store, date=content.business_date, entry=slip.entry, nature=nature,
                    method=shelf.methods[payment.method], category=part.category, amount=amount, tax=tax_in_it,
                )  # fmt: skip


def nature_of(content: SlipContent, *, store_code: str) -> Nature:
    """Say what the slip's lines mean: a mistake of the same day and store is netted with its sales, any other is its own line."""
    if not content.is_red:
        return Nature.SALE
    if content.reason is ReversalReason.RETURN:
        return Nature.RETURN
    same_day = content.original.store == store_code and content.original.business_date == content.business_date
    return Nature.MISTAKE if same_day else Nature.EARLIER_MISTAKE


def reference(original: OriginalSlip) -> str:
    """Return 店舗コード-POS番号-YYYYMMDD-伝票番号, as the slip file writes it."""
    return f"{original.store}-{original.register}-{original.business_date:%Y%m%d}-{original.number}"


def _as_original(store, content):
    return OriginalSlip(store.code, content.register_number, content.business_date, content.number)


def _connect_originals(store, contents):
    """Point at originals that are there by now, from the new slips and from older ones that have waited for them."""
    own = [_as_original(store, content) for content in contents]
    wanted = {content.original for content in contents if content.original}
    waiting = Slip.objects.filter(original=None, day__store__company=store.company_id).exclude(original_reference="")
    awaited = {
        name
        for some in batched(map(reference, own), NAMES_AT_ONCE)
        for name in waiting.filter(original_reference__in=some).order_by().values_list("original_reference", flat=True)
    }
    for original in wanted | {slip for slip in own if reference(slip) in awaited}:
        found = find_original(store.company_id, original)
        if found:
            waiting.filter(original_reference=reference(original)).update(original=found)
            mark_excess(found)


def find_original(company_id: int, original: OriginalSlip) -> Slip | None:
    """Return the slip of that name in the company, None while it has not arrived."""
    return Slip.objects.filter(
        register__store__company=company_id,
        register__store__code=original.store,
        register__number=original.register,
        business_date=original.business_date,
        number=original.number,
    ).first()
