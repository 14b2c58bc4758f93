"""入出金 that a register sends: booked once by its id, or kept in 保留."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from closing import slip_columns as columns
from closing.categories import MovementDirection
from closing.kept_slips import RefusedItem, earlier_kept, keep_all, mark_sent_again
from closing.models import CashMovement, CashReason, KeptSlip
from closing.month_locks import locked_months
from closing.raw_json import with_register
from closing.receiving_slips import Answer, Receipt, answer_of_kept
from closing.registration_number import may_be_dated, read_registration_number
from closing.slip_content import Problem, ProblemCode
from closing.trading_day import lock_store, open_day, record_movement
from stores.audit import Origin
from stores.models import Register, Staff

CAUSES = {
    Receipt.CONFLICT: KeptSlip.Cause.CONFLICT,
    Receipt.INVALID: KeptSlip.Cause.INVALID,
    Receipt.KEPT: KeptSlip.Cause.LOCKED,
}
TAKEN = {Receipt.CREATED, Receipt.UNCHANGED}


@dataclass(frozen=True, slots=True)
class MovementContent:
    """What a register says of one 入出金. Money in yen; `registration_no` is empty or as it stands on the receipt."""

    id: uuid.UUID
    business_date: date
    occurred_at: datetime
    direction: MovementDirection
    reason: str
    amount: int
    staff_code: str
    payee: str = ""
    receipt_date: date | None = None
    registration_no: str = ""
    reduced_amount: int = 0
    memo: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedMovement:
    """One item of a batch: JSON as it came, its POS番号, and the movement in it, or why there is none."""

    sent: Any
    register: int
    content: MovementContent | None
    problems: tuple[Problem, ...] = ()

    @property
    def raw(self) -> dict[str, Any]:
        """The item as 保留 keeps it."""
        return with_register(self.sent, self.register)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the register's company has."""

    register: Register
    reasons: dict[str, CashReason]
    staff: dict[str, Staff]
    locked_months: frozenset[date]

    @classmethod
    def of(cls, register):
        company = register.store.company_id
        return cls(
            register,
            reasons={reason.code: reason for reason in CashReason.objects.filter(company=company).chosen()},
            staff={person.code: person for person in Staff.objects.filter(company=company)},
            locked_months=locked_months(company),
        )


@transaction.atomic
def receive_movements(register: Register, items: Sequence[ReceivedMovement], *, by: Origin, today: date) -> list[Answer]:
    """Book each movement once, keep what cannot be booked, and return what became of each, in their order."""
    earlier = earlier_kept(register.store, items)
    # Two calls of the store with the same ids wait for each other.
    lock_store(register.store)
    shelf = _Shelf.of(register)
    answers = [_receive(shelf, item, kept, by=by, today=today) for item, kept in zip(items, earlier, strict=True)]
    mark_sent_again(kept for kept, answer in zip(earlier, answers, strict=True) if kept and kept.is_waiting and answer.status in TAKEN)
    refused = [
        RefusedItem(item.raw, CAUSES[answer.status], answer.problems, kind=KeptSlip.Kind.MOVEMENT)
        for item, kept, answer in zip(items, earlier, answers, strict=True)
        if kept is None and answer.status in CAUSES
    ]
    keep_all(register.store, refused, source=KeptSlip.Source.REGISTER, by=by)
    return answers


def _receive(shelf, item, kept, *, by, today):
    if kept and not kept.is_waiting:
        return answer_of_kept(kept)
    content = item.content
    if content is None:
        return Answer(Receipt.INVALID, item.problems)
    known = CashMovement.objects.filter(uuid=content.id).select_related("reason", "register").first()
    if known:
        return _answer_of_known(shelf, known, content)
    if content.business_date.replace(day=1) in shelf.locked_months:
        return Answer(Receipt.KEPT, (Problem(ProblemCode.MONTH_LOCKED, columns.BUSINESS_DATE, content.business_date.isoformat()),))
    if problems := tuple(_broken_rules(shelf, content, today)):
        return Answer(Receipt.INVALID, problems)
    day = open_day(shelf.register.store, content.business_date, by=by, today=today)
    record_movement(day, _movement(shelf, content), by=replace(by, actor=shelf.staff[content.staff_code]))
    return Answer(Receipt.CREATED)


def _answer_of_known(shelf, known, content):
    """The 営業日 is left out: somebody may have moved the movement to the right one."""
    is_same = known.register_id == shelf.register.pk and _said_by(known) == _said_by_register(content)
    if is_same:
        return Answer(Receipt.UNCHANGED)
    return Answer(Receipt.CONFLICT, (Problem(ProblemCode.OTHER_CONTENT, "id", str(content.id)),))


def _said_by(movement):
    reason = movement.reason.code
    number = movement.registration_no
    parts = (movement.direction, reason, movement.amount, movement.reduced_amount, movement.payee, movement.memo)
    return (*parts, movement.receipt_date, number, movement.occurred_at)


def _said_by_register(content):
    number = read_registration_number(content.registration_no) or ""
    parts = (content.direction.value, content.reason, content.amount, content.reduced_amount, content.payee, content.memo)
    return (*parts, content.receipt_date, number, content.occurred_at)


def _broken_rules(shelf: _Shelf, content: MovementContent, today: date) -> Iterator[Problem]:
    reason, day = shelf.reasons.get(content.reason), content.business_date
    if reason is None or not (reason.for_paid_in if content.direction.is_inward else reason.for_paid_out):
        yield Problem(ProblemCode.UNKNOWN_CASH_REASON, "reason", content.reason)
    if content.staff_code not in shelf.staff:
        yield Problem(ProblemCode.UNKNOWN_STAFF, "staff_code", content.staff_code)
    if day > today:
        yield Problem(ProblemCode.FUTURE_DATE, columns.BUSINESS_DATE, day.isoformat())
    if content.reduced_amount > content.amount:
        yield Problem(ProblemCode.REDUCED_MORE_THAN_WHOLE, "reduced_amount", str(content.reduced_amount))
    if content.registration_no and not read_registration_number(content.registration_no):
        yield Problem(ProblemCode.NOT_A_REGISTRATION_NUMBER, "registration_no", content.registration_no)
    if content.receipt_date and not may_be_dated(content.receipt_date, day):
        yield Problem(ProblemCode.IMPOSSIBLE_RECEIPT_DATE, "receipt_date", content.receipt_date.isoformat())


def _movement(shelf: _Shelf, content: MovementContent) -> CashMovement:
    """An expense whose receipt nobody has looked at says neither a number nor a date: it is 要確認."""
    reason = shelf.reasons[content.reason]
    is_unclear = reason.is_expense and not content.direction.is_inward and not content.registration_no and not content.receipt_date
    return CashMovement(
        uuid=content.id,
        register=shelf.register,
        direction=content.direction,
        reason=reason,
        amount=content.amount,
        reduced_amount=content.reduced_amount,
        payee=content.payee,
        memo=content.memo,
        receipt_date=content.receipt_date,
        registration_no=read_registration_number(content.registration_no) or "",
        is_registration_unclear=is_unclear,
        occurred_at=content.occurred_at,
    )
