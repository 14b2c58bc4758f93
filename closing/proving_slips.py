"""Proves slips from their own rows: they still say what was booked, they add up, and they are filed where they belong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from closing.cash import cash_parts
from closing.categories import Nature, PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.models import BusinessDay, PaymentMethod, Slip, SlipPayment, SlipSplit, SlipTax
from closing.originals import reference
from closing.slip_cells import read_original
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart, content_digest
from closing.split import split

ENTRIES_AT_ONCE = 2_000
COLUMNS = (
    "pk", "number", "kind", "entry", "business_date", "issued_at", "register__number", "staff_code", "reason", "original_id",
    "original_reference", "original__register__store__code", "original__register__number", "original__business_date",
    "original__number", "total", "cash_sales", "cash_refunds", "voucher_change", "discount", "service_charge", "points", "guests",
    "digest_high", "digest_low",
)  # fmt: skip
NATURES = {
    "": {Nature.SALE},
    ReversalReason.RETURN: {Nature.RETURN},
    # Which of the two depends on the days of both slips, and those can be moved.
    ReversalReason.MISTAKE: {Nature.MISTAKE, Nature.EARLIER_MISTAKE},
}


def flaws_of_slips(day: BusinessDay) -> Iterator[str]:
    """Yield what is wrong with slips of the day, in words. Holds `ENTRIES_AT_ONCE` of them in memory, however many there are."""
    methods = PaymentMethod.objects.filter(company=day.store.company_id).in_bulk()
    for first in range(0, day.entries + 1, ENTRIES_AT_ONCE):
        is_last = first + ENTRIES_AT_ONCE > day.entries
        # What stands beyond the day's entries is wrong in itself, and read with the last.
        bounds = {"entry__gte": first} | ({} if is_last else {"entry__lt": first + ENTRIES_AT_ONCE})
        for slip in _read(day, bounds, methods):
            yield from slip.flaws(day)


@dataclass(frozen=True, slots=True)
class _BookedSlip:
    """A slip's row, and the rows of its parts: (method, category, amount, tax) of a split, and where that is filed."""

    row: Any
    taxes: Sequence[TaxPart]
    payments: Sequence[PaymentPart]
    cash_amounts: Sequence[int]
    splits: Sequence[tuple[str, str, int, int]]
    filed: set[tuple]

    def flaws(self, day: BusinessDay) -> Iterator[str]:
        if not self.says_what_was_booked:
            yield _("伝票%(number)s の内容が、登録されたときと違います") % {"number": self.row.number}
        if not self.adds_up:
            yield _("伝票%(number)s の税区分・支払・内訳の合計が一致しません") % {"number": self.row.number}
        if not self.cash_adds_up:
            yield _("伝票%(number)s の現金の額が、支払と一致しません") % {"number": self.row.number}
        if not all(self.is_filed(day, *place) for place in self.filed):
            yield _("伝票%(number)s の内訳が、別の店舗・営業日・入力順になっています") % {"number": self.row.number}
        if self.row.original_id and reference(self.original) != self.row.original_reference:
            yield _("伝票%(number)s が、別の元伝票を指しています") % {"number": self.row.number}

    @property
    def is_red(self) -> bool:
        return self.row.kind == SlipKind.REVERSAL

    @property
    def original(self) -> OriginalSlip | None:
        row = self.row
        if not row.original_id:
            # The original may come later than the slip that points at it.
            return read_original(row.original_reference)
        return OriginalSlip(
            row.original__register__store__code, row.original__register__number, row.original__business_date, row.original__number
        )

    @property
    def says_what_was_booked(self) -> bool:
        """Its digest was made of what came in; words are compared as they are stored, also those that no longer mean anything."""
        row = self.row
        content = SlipContent(
            number=row.number,
            kind=row.kind,
            business_date=row.business_date,
            issued_at=row.issued_at,
            register_number=row.register__number,
            staff_code=row.staff_code,
            taxes=tuple(self.taxes),
            payments=tuple(self.payments),
            original=self.original,
            reason=row.reason or None,
            discount=row.discount,
            service_charge=row.service_charge,
            points=row.points,
            guests=row.guests,
        )
        return content_digest(content) == (row.digest_high, row.digest_low)

    @property
    def adds_up(self) -> bool:
        """The total is the sum of the taxed amounts, and the stored split is the one that taxes and payments make."""
        payments = sorted(self.payments)
        try:
            taxes = sorted(self.taxes, key=lambda part: TaxCategory(part.category).position)
            cells = split([payment.amount for payment in payments], [(part.amount, part.tax) for part in taxes])
        except ValueError:
            return False
        made = [
            (payment.method, part.category, *cell)
            for payment, row in zip(payments, cells, strict=True)
            for part, cell in zip(taxes, row, strict=True)
            if any(cell)
        ]
        return self.row.total == sum(part.amount for part in taxes) and sorted(made) == sorted(self.splits)

    @property
    def cash_adds_up(self) -> bool:
        written = (self.row.cash_sales, self.row.cash_refunds, self.row.voucher_change)
        return written == cash_parts(self.cash_amounts, is_red=self.is_red)

    def is_filed(self, day: BusinessDay, date: date, store: int, entry: int, nature: str) -> bool:
        natures = NATURES.get(self.row.reason if self.is_red else "", set())
        return (date, store, entry) == (day.date, day.store_id, self.row.entry) and nature in natures


def _read(day: BusinessDay, bounds: Mapping[str, int], methods: Mapping[int, PaymentMethod]) -> Iterator[_BookedSlip]:
    taxes = _parts(SlipTax, day, bounds, "category", "amount", "tax")
    payments = _parts(SlipPayment, day, bounds, "method_id", "amount", "tendered", "change", "overage")
    splits = _parts(SlipSplit, day, bounds, "method_id", "category", "amount", "tax", "date", "store_id", "entry", "nature")
    codes = {pk: method.code for pk, method in methods.items()}
    cash = {pk for pk, method in methods.items() if method.kind == PaymentKind.CASH}
    for row in Slip.objects.filter(day=day, **bounds).order_by("entry", "pk").values_list(*COLUMNS, named=True):
        yield _BookedSlip(
            row,
            taxes=[TaxPart(*part) for part in taxes[row.pk]],
            payments=[PaymentPart(codes.get(method, ""), *amounts) for method, *amounts in payments[row.pk]],
            cash_amounts=[amount for method, amount, *_rest in payments[row.pk] if method in cash],
            splits=[(codes.get(method, ""), category, amount, tax) for method, category, amount, tax, *_place in splits[row.pk]],
            filed={tuple(place) for _method, _category, _amount, _tax, *place in splits[row.pk]},
        )


def _parts(model: type, day: BusinessDay, bounds: Mapping[str, int], *columns: str) -> dict[int, list[tuple]]:
    """Return the rows of a part by slip, from the slips within the bounds."""
    found = defaultdict(list)
    of_slips = {f"slip__{name}": bound for name, bound in bounds.items()}
    for slip, *part in model.objects.filter(slip__day=day, **of_slips).order_by().values_list("slip_id", *columns):
        found[slip].append(part)
    return found
