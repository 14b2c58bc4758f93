"""What a slip says, before anything about it is stored. All money is whole yen; red slips are negative everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from closing.categories import PaymentKind, ReversalReason, SlipKind, TaxCategory

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VOUCHERS = {PaymentKind.OTHER_VOUCHER, PaymentKind.OWN_VOUCHER, PaymentKind.SHARED_POINTS}


class OriginalSlip(NamedTuple):
    """The slip that a red slip takes back, or the red slip that a black one follows."""

    store: str
    register: int
    business_date: date
    number: str


class TaxPart(NamedTuple):
    """Inclusive amount of a category and the tax in it, as printed on the receipt."""

    category: TaxCategory
    amount: int
    tax: int


class PaymentPart(NamedTuple):
    """`amount` is what was applied to the bill; `overage` (金券等差額) comes on top of it."""

    method: str
    amount: int
    tendered: int = 0
    change: int = 0
    overage: int = 0


@dataclass(frozen=True, slots=True)
class SlipContent:
    number: str
    kind: SlipKind
    business_date: date
    issued_at: datetime
    register_number: int
    staff_code: str
    taxes: tuple[TaxPart, ...]
    payments: tuple[PaymentPart, ...]
    original: OriginalSlip | None = None
    reason: ReversalReason | None = None
    discount: int = 0
    service_charge: int = 0
    points: int = 0
    guests: int = 0

    @property
    def total(self) -> int:
        """The inclusive amount of the slip."""
        return sum(part.amount for part in self.taxes)

    @property
    def is_red(self) -> bool:
        return self.kind is SlipKind.REVERSAL


class ProblemCode(StrEnum):
    """What can be wrong with a slip or its file; worded in closing/slip_messages.py."""

    EMPTY_FILE = "EMPTY_FILE"
    NOT_TEXT = "NOT_TEXT"
    ZERO_BYTE = "ZERO_BYTE"
    NOT_CSV = "NOT_CSV"
    LINE_TOO_LONG = "LINE_TOO_LONG"
    NO_SLIPS = "NO_SLIPS"
    EXAMPLE_LEFT = "EXAMPLE_LEFT"
    MISSING_COLUMN = "MISSING_COLUMN"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    REPEATED_COLUMN = "REPEATED_COLUMN"
    WRONG_CELL_COUNT = "WRONG_CELL_COUNT"
    REQUIRED = "REQUIRED"
    NOT_A_CODE = "NOT_A_CODE"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_DATE = "NOT_A_DATE"
    NOT_A_TIME = "NOT_A_TIME"
    NOT_AN_ORIGINAL = "NOT_AN_ORIGINAL"
    UNKNOWN_KIND = "UNKNOWN_KIND"
    UNKNOWN_REASON = "UNKNOWN_REASON"
    UNKNOWN_NON_SALES = "UNKNOWN_NON_SALES"
    UNKNOWN_METHOD = "UNKNOWN_METHOD"
    TOO_EARLY = "TOO_EARLY"
    ORIGINAL_REQUIRED = "ORIGINAL_REQUIRED"
    ORIGINAL_UNEXPECTED = "ORIGINAL_UNEXPECTED"
    REASON_REQUIRED = "REASON_REQUIRED"
    REASON_UNEXPECTED = "REASON_UNEXPECTED"
    REPEATED_CATEGORY = "REPEATED_CATEGORY"
    REPEATED_METHOD = "REPEATED_METHOD"
    PAYMENTS_DIFFER = "PAYMENTS_DIFFER"
    NOTHING_SOLD = "NOTHING_SOLD"
    NEGATIVE_ON_BLACK = "NEGATIVE_ON_BLACK"
    POSITIVE_ON_RED = "POSITIVE_ON_RED"
    TAX_OUT_OF_RANGE = "TAX_OUT_OF_RANGE"
    TAX_ON_UNTAXED = "TAX_ON_UNTAXED"
    CATEGORY_NOT_SOLD = "CATEGORY_NOT_SOLD"
    OVERAGE_WITHOUT_VOUCHER = "OVERAGE_WITHOUT_VOUCHER"
    CHANGE_WITHOUT_VOUCHER = "CHANGE_WITHOUT_VOUCHER"
    UNKNOWN_REGISTER = "UNKNOWN_REGISTER"
    FUTURE_DATE = "FUTURE_DATE"
    MONTH_LOCKED = "MONTH_LOCKED"
    NOT_TAKEN_BACK_BEFORE = "NOT_TAKEN_BACK_BEFORE"
    MORE_THAN_ORIGINAL = "MORE_THAN_ORIGINAL"
    OTHER_CONTENT = "OTHER_CONTENT"
    OTHER_CONTENT_IN_FILE = "OTHER_CONTENT_IN_FILE"
    SAME_IN_FILE = "SAME_IN_FILE"
    TENDER_WITHOUT_PAYMENT = "TENDER_WITHOUT_PAYMENT"
    NOT_AN_OBJECT = "NOT_AN_OBJECT"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    WRONG_FORM = "WRONG_FORM"
    NOT_A_MOMENT = "NOT_A_MOMENT"
    UNKNOWN_STAFF = "UNKNOWN_STAFF"
    UNKNOWN_CASH_REASON = "UNKNOWN_CASH_REASON"
    REDUCED_MORE_THAN_WHOLE = "REDUCED_MORE_THAN_WHOLE"
    NOT_A_REGISTRATION_NUMBER = "NOT_A_REGISTRATION_NUMBER"
    IMPOSSIBLE_RECEIPT_DATE = "IMPOSSIBLE_RECEIPT_DATE"


class Problem(NamedTuple):
    """`column` is what a person sees the value under, `value` what stands there."""

    code: ProblemCode
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A slip as a file gives it: tender, change and overage of the whole slip, not yet of a payment."""

    line: int
    content: SlipContent
    tendered: int = 0
    change: int = 0
    overage: int = 0


def assign_tender(row: SlipRow, kinds: Mapping[str, PaymentKind]) -> SlipContent:
    """Return the slip with お預り, お釣り and 金券等差額 at the payments they belong to.

    Tender and change go to the cash payment, without one to the first payment. The overage goes to the first voucher,
    without one to the first payment, where `slip_rules` objects. Change on a voucher needs nothing: the file gives it as a
    negative cash amount. `kinds` are the store's methods by code; a slip without payments has nothing to assign.
    """
    payments = row.content.payments
    cash = _first_position(payments, kinds, {PaymentKind.CASH})
    voucher = _first_position(payments, kinds, VOUCHERS)
    assigned = tuple(
        payment._replace(
            tendered=row.tendered if position == cash else 0,
            change=row.change if position == cash else 0,
            overage=row.overage if position == voucher else 0,
        )
        for position, payment in enumerate(payments)
    )
    return replace(row.content, payments=assigned)


def _first_position(payments: tuple[PaymentPart, ...], kinds: Mapping[str, PaymentKind], wanted: set[PaymentKind]) -> int:
    return next((position for position, payment in enumerate(payments) if kinds.get(payment.method) in wanted), 0)


def content_digest(content: SlipContent) -> tuple[int, int]:
    """Return two 63-bit integers that are equal for equal content, whatever order its parts came in.

    The same moment in another time zone is the same moment, and parts that say nothing (0 yen) do not count.
    """
    canonical = json.dumps(_canonical(content), ensure_ascii=True, separators=(",", ":"))
    digest = sha256(canonical.encode("ascii")).digest()
    return (int.from_bytes(digest[:8]) >> 1, int.from_bytes(digest[8:16]) >> 1)


def _canonical(content: SlipContent) -> list:
    return [
        content.number,
        content.kind,
        content.business_date.isoformat(),
        str(content.issued_at - EPOCH),
        content.register_number,
        content.staff_code,
        content.original and [*content.original[:2], content.original.business_date.isoformat(), content.original.number],
        content.reason,
        sorted(part for part in content.taxes if part.amount or part.tax),
        sorted(payment for payment in content.payments if any(payment[1:])),
        [content.discount, content.service_charge, content.points, content.guests],
    ]
