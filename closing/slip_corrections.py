"""支払取消, 訂正 and entry of slips on screen: red and black slips, numbered by the portal, through the same checks as every slip."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from closing import history
from closing import slip_columns as columns
from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.history import DayAction
from closing.intake import Booked, book_slips, places_of
from closing.models import Slip
from closing.originals import reference
from closing.slip_content import OriginalSlip, PaymentPart, Problem, ProblemCode, SlipContent, TaxPart
from closing.taking_back import MoreThanLeft, TakingBack, payments_left, proposed_refunds, red_payments, red_taxes, taxes_left
from closing.trading_day import lock_stores
from stores.audit import Origin
from stores.models import Register

# Numbers of the portal's own series, apart from what the registers print: P000001, P000002, …
SERIES, DIGITS = "P", 6
ACTIONS = {
    SlipKind.SALE: DayAction.SLIP_ENTERED,
    SlipKind.REVERSAL: DayAction.SLIP_TAKEN_BACK,
    SlipKind.CORRECTION: DayAction.SLIP_CORRECTED,
}


class SlipRefused(Exception):
    """The slip breaks a rule. Nothing was booked."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class AlreadyCorrected(Exception):
    """The red slip has its black slip already."""

    def __init__(self, slip: Slip):
        super().__init__(f"slip {slip.pk} corrects it")
        self.slip = slip


@transaction.atomic
def take_back(
    original: Slip, taking: TakingBack, *, register: Register, business_date: date, form_key: UUID, by: Origin, today: date
) -> Slip:
    """支払取消: book a red slip on the register and day of whoever refunds, and return it.

    The tax of a whole slip is negated exactly, that of parts adds up to it. The same `form_key` twice is one red slip.
    Raises SlipRefused, also when somebody else took the same goods back meanwhile.
    """
    lock_stores(register.store.company_id, {register.store.code, original.register.store.code})
    if entered := _entered_before(register, form_key):
        return entered
    Slip.objects.select_for_update(no_key=True).get(pk=original.pk)
    taxes = _taxes_taken(original, taking)
    red = SlipContent(
        number="",
        kind=SlipKind.REVERSAL,
        business_date=business_date,
        issued_at=by.at,
        register_number=register.number,
        staff_code=by.actor.code,
        taxes=taxes,
        payments=red_payments(list(_payments_left(original)), taking),
        original=as_original(original),
        reason=taking.reason,
        **_figures_taken_back(original, taxes, taking.reason),
    )
    return _book(register, red, form_key=form_key, by=by, today=today)


def _taxes_taken(original, taking):
    left = what_is_left(original)
    try:
        if is_anything_left(original, left):
            return red_taxes(left, taking.amounts)
    except MoreThanLeft:
        pass
    raise SlipRefused([Problem(ProblemCode.MORE_THAN_ORIGINAL, columns.ORIGINAL, reference(as_original(original)))])


@transaction.atomic
def enter_slip(content: SlipContent, *, register: Register, form_key: UUID, by: Origin, today: date, corrects: Slip | None = None) -> Slip:
    """Book what was typed, as a sale or (`corrects`: its red slip) as a black slip, and return it. Its number is given here.

    Raises SlipRefused, and AlreadyCorrected when the red slip has its black one.
    """
    if corrects:
        content = replace(content, kind=SlipKind.CORRECTION, original=as_original(corrects))
    lock_stores(register.store.company_id, places_of(register.store, [content]))
    if entered := _entered_before(register, form_key):
        return entered
    if corrects:
        Slip.objects.select_for_update(no_key=True).get(pk=corrects.pk)
        if black := black_slip_of(corrects):
            raise AlreadyCorrected(black)
    return _book(register, content, form_key=form_key, by=by, today=today)


def what_is_left(original: Slip) -> tuple[TaxPart, ...]:
    """Return amount and tax per category that no red slip has taken back yet."""
    content = content_of(original)
    return taxes_left(content.taxes, chain.from_iterable(red.taxes for red in _red_contents(original)))


def is_anything_left(original: Slip, left: Sequence[TaxPart]) -> bool:
    """Tell whether a red slip can still take something back; a slip over nothing is taken back once."""
    if original.total:
        return any(part.amount > 0 for part in left)
    return original.kind != SlipKind.REVERSAL and not Slip.objects.filter(original=original, kind=SlipKind.REVERSAL).exists()


def refundable(original: Slip) -> dict[str, int]:
    """Return in yen, by the method's code, how what is left of the original would go back as it was paid."""
    return proposed_refunds(content_of(original).payments, _payments_left(original))


def _payments_left(original: Slip) -> tuple[PaymentPart, ...]:
    content = content_of(original)
    return payments_left(content.payments, chain.from_iterable(red.payments for red in _red_contents(original)))


def black_slip_of(red: Slip) -> Slip | None:
    """Return the black slip that follows the red one, None while there is none."""
    return Slip.objects.filter(original=red, kind=SlipKind.CORRECTION).select_related("register").first()


def _red_contents(original: Slip) -> Iterator[SlipContent]:
    reds = Slip.objects.filter(original=original, kind=SlipKind.REVERSAL)
    yield from (content_of(red) for red in reds.select_related("register__store", "original__register__store").with_parts())


def content_of(slip: Slip) -> SlipContent:
    """Return what a booked slip says."""
    return SlipContent(
        number=slip.number,
        kind=SlipKind(slip.kind),
        business_date=slip.business_date,
        issued_at=slip.issued_at,
        register_number=slip.register.number,
        staff_code=slip.staff_code,
        taxes=tuple(TaxPart(TaxCategory(part.category), part.amount, part.tax) for part in slip.taxes.all()),
        payments=tuple(
            PaymentPart(part.method.code, part.amount, part.tendered, part.change, part.overage) for part in slip.payments.all()
        ),
        original=as_original(slip.original) if slip.original else None,
        reason=ReversalReason(slip.reason) if slip.reason else None,
        discount=slip.discount,
        service_charge=slip.service_charge,
        points=slip.points,
        guests=slip.guests,
    )


def as_original(slip: Slip) -> OriginalSlip:
    """Return the name under which other slips point at this one."""
    return OriginalSlip(slip.register.store.code, slip.register.number, slip.business_date, slip.number)


def _figures_taken_back(original, taxes, reason):
    """Discount, service charge and points go back with the whole slip; the guests were there unless it was a mistake."""
    if sum(part.amount for part in taxes) != -original.total:
        return {}
    figures = {"discount": -original.discount, "service_charge": -original.service_charge, "points": -original.points}
    return figures if reason is ReversalReason.RETURN else {**figures, "guests": -original.guests}


def _entered_before(register, form_key):
    return Slip.objects.filter(register__store__company=register.store.company_id, form_key=form_key).first()


def _book(register, content, *, form_key, by, today):
    numbered = replace(content, number=_next_number(register, content.business_date))
    (booking,) = book_slips(register.store, [numbered], by=by, today=today)
    if booking.status is not Booked.CREATED:
        raise SlipRefused(booking.problems)
    slip = Slip.objects.select_related("day__store__company", "register").get(
        register=register, business_date=numbered.business_date, number=numbered.number
    )
    Slip.objects.filter(pk=slip.pk).update(form_key=form_key)
    history.record(ACTIONS[numbered.kind], slip.day, by=by, changes=_changes(slip))
    return slip


def _next_number(register, business_date):
    """Return the next of the portal's series, past what a register has printed of it by itself."""
    entered = Slip.objects.filter(register=register, number__startswith=SERIES).entered_on_screen().aggregate(last=Max("number"))
    number = _of_series(int((entered["last"] or "").removeprefix(SERIES) or 0) + 1)
    while Slip.objects.filter(register=register, business_date=business_date, number=number).exists():
        number = _of_series(int(number.removeprefix(SERIES)) + 1)
    return number


def _of_series(position):
    return f"{SERIES}{position:0{DIGITS}}"


def _changes(slip):
    changes = {_("伝票番号"): slip.number, _("レジ"): slip.register.number, _("合計"): slip.total}
    if slip.reason:
        changes[_("取消の理由")] = slip.get_reason_display()
    if slip.original_reference:
        changes[_("元伝票")] = slip.original_reference
    return changes
