"""Slips that are to be booked, as rows: what was tendered, the tax on the receipt, and the split that a close adds up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from closing import tax
from closing.cash import cash_parts
from closing.categories import Nature, PaymentKind, ReversalReason
from closing.models import BusinessDay, PaymentMethod, Slip, SlipPayment, SlipSplit, SlipTax
from closing.models.inserting import insert_rows, reserve_ids
from closing.month_locks import locked_months
from closing.originals import reference
from closing.slip_content import SlipContent, content_digest
from closing.split import split
from closing.tax_rounding import roundings_of
from closing.trading_day import settle_later
from stores.models import Register, Staff, Store

SLIPS_AT_ONCE = 1_000
SLIP = (
    "id", "day_id", "register_id", "business_date", "number", "kind", "entry", "issued_at", "received_at", "is_late", "staff_id",
    "staff_code", "reason", "original_reference", "total", "cash_sales", "cash_refunds", "voucher_change", "discount",
    "service_charge", "points", "guests", "digest_high", "digest_low",
)  # fmt: skip
TAX = ("slip_id", "category", "amount", "tax", "tax_disagreement")
PAYMENT = ("slip_id", "method_id", "amount", "tendered", "change", "overage")
SPLIT = ("slip_id", "store_id", "date", "entry", "nature", "method_id", "category", "amount", "tax")

type Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the store has: its registers, its company's methods and people."""

    store: Store
    registers: dict[int, Register]
    methods: dict[str, int]
    kinds: dict[str, PaymentKind]
    staff: dict[str, int]
    locked_months: frozenset[date]
    roundings: list[tuple[date, tax.Rounding]]

    @classmethod
    def of(cls, store: Store) -> "Shelf":
        methods = list(PaymentMethod.objects.filter(company=store.company_id))
        return cls(
            store=store,
            registers={register.number: register for register in store.registers.all()},
            methods={method.code: method.pk for method in methods},
            kinds={method.code: PaymentKind(method.kind) for method in methods},
            staff=dict(Staff.objects.filter(company=store.company_id).values_list("code", "pk")),
            locked_months=locked_months(store.company_id),
            roundings=roundings_of(store.company_id),
        )


def write_slips(shelf: Shelf, day: BusinessDay, contents: Sequence[SlipContent], *, at: datetime) -> None:
    """Write slips that were judged to be bookable to their day, as its next entries."""
    sales = sum(part.amount for content in contents for part in content.taxes if part.category.is_sales)
    last = BusinessDay.objects.add_entries(day, rows=len(contents), slips=len(contents), sales=sales)
    # Asked only now: the write above waited for a close that was under way.
    is_late = BusinessDay.objects.filter(pk=day.pk, revision__gte=1).exists()
    for number in sorted({content.register_number for content in contents}):
        settle_later(day, shelf.registers[number])
    numbered = zip(reserve_ids(Slip, len(contents)), range(last - len(contents) + 1, last + 1), contents, strict=True)
    for some in batched(numbered, SLIPS_AT_ONCE):
        insert_rows(Slip, SLIP, (_slip(shelf, day, *each, at=at, is_late=is_late) for each in some))
        insert_rows(SlipTax, TAX, (row for slip, _entry, content in some for row in _taxes(shelf, slip, content)))
        insert_rows(SlipPayment, PAYMENT, (row for slip, _entry, content in some for row in _payments(shelf, slip, content)))
        insert_rows(SlipSplit, SPLIT, (row for slip, entry, content in some for row in _splits(shelf, slip, entry, content)))


def _slip(shelf: Shelf, day: BusinessDay, slip: int, entry: int, content: SlipContent, *, at: datetime, is_late: bool) -> Row:
    cash_amounts = [part.amount for part in content.payments if shelf.kinds[part.method] is PaymentKind.CASH]
    return (
        slip,
        day.pk,
        shelf.registers[content.register_number].pk,
        content.business_date,
        content.number,
        content.kind.value,
        entry,
        content.issued_at,
        at,
        is_late,
        shelf.staff.get(content.staff_code),
        content.staff_code,
        content.reason.value if content.reason else "",
        reference(content.original) if content.original else "",
        content.total,
        *cash_parts(cash_amounts, is_red=content.is_red),
        content.discount,
        content.service_charge,
        content.points,
        content.guests,
        *content_digest(content),
    )


def _taxes(shelf: Shelf, slip: int, content: SlipContent) -> Iterator[Row]:
    rounding = tax.rounding_on(shelf.roundings, content.business_date)
    for part in content.taxes:
        off = tax.disagreement(part.tax, part.amount, part.category, content.business_date, rounding)
        yield slip, part.category.value, part.amount, part.tax, off


def _payments(shelf: Shelf, slip: int, content: SlipContent) -> Iterator[Row]:
    for part in content.payments:
        yield slip, shelf.methods[part.method], part.amount, part.tendered, part.change, part.overage


def _splits(shelf: Shelf, slip: int, entry: int, content: SlipContent) -> Iterator[Row]:
    nature = nature_of(content, store_code=shelf.store.code).value
    parts = sorted(content.taxes, key=lambda part: part.category.position)
    payments = sorted(content.payments, key=lambda payment: payment.method)
    cells = split([payment.amount for payment in payments], [(part.amount, part.tax) for part in parts])
    for payment, row in zip(payments, cells, strict=True):
        method = shelf.methods[payment.method]
        for part, (amount, tax_in_it) in zip(parts, row, strict=True):
            if amount or tax_in_it:
                yield slip, shelf.store.pk, content.business_date, entry, nature, method, part.category.value, amount, tax_in_it


def nature_of(content: SlipContent, *, store_code: str) -> Nature:
    """Say what the slip's lines mean: a mistake of the same day and store is netted with its sales, any other is its own line."""
    if not content.is_red:
        return Nature.SALE
    if content.reason is ReversalReason.RETURN:
        return Nature.RETURN
    same_day = content.original.store == store_code and content.original.business_date == content.business_date
    return Nature.MISTAKE if same_day else Nature.EARLIER_MISTAKE
