"""What must be true of a slip by itself, before the database is asked. The same for every way in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from closing import slip_columns as columns
from closing import tax
from closing.categories import PaymentKind, SlipKind
from closing.slip_content import VOUCHERS, Problem, ProblemCode, SlipContent

CODE = re.compile(r"[0-9A-Za-z-]{1,20}")
# The widest amount that a line in Yayoi can hold.
LARGEST_AMOUNT = 999_999_999
LARGEST_REGISTER = 9999
SHOWN_OF_A_VALUE = 40
# What a customer may get change for in cash. What a shop keeps under OTHER the portal cannot know.
CHANGE_IS_GIVEN_ON = VOUCHERS | {PaymentKind.DEPOSIT, PaymentKind.OTHER}


def broken_rules(content: SlipContent, kinds: Mapping[str, PaymentKind]) -> list[Problem]:
    """Return what is wrong with a slip; an empty list makes it bookable (and `split.split` accepts it).

    `kinds` are the payment methods of the store by code. Whether the original exists, whether it was taken back before
    and whether the 営業日 lies in the future are questions to the database and the clock.
    """
    rules = [_codes, _sizes, _references, _repetitions, _signs, _margins, _taxes, _categories]
    return [*chain.from_iterable(rule(content) for rule in rules), *_payment_problems(content, kinds), *_change_problems(content, kinds)]


def _codes(content: SlipContent) -> Iterator[Problem]:
    codes = [(columns.NUMBER, content.number), (columns.STAFF, content.staff_code)]
    registers = [(columns.REGISTER, content.register_number)]
    if content.original:
        codes += [(columns.ORIGINAL, content.original.store), (columns.ORIGINAL, content.original.number)]
        registers.append((columns.ORIGINAL, content.original.register))
    for column, code in codes:
        if not CODE.fullmatch(code):
            yield _problem(ProblemCode.NOT_A_CODE, column, code)
    for column, register in registers:
        if not 1 <= register <= LARGEST_REGISTER:
            yield _problem(ProblemCode.NOT_A_NUMBER, column, register)
    if content.business_date < tax.FIRST_DAY:
        yield _problem(ProblemCode.TOO_EARLY, columns.BUSINESS_DATE, content.business_date)


def _sizes(content: SlipContent) -> Iterator[Problem]:
    for column, amount in _amounts(content):
        if abs(amount) > LARGEST_AMOUNT:
            yield _problem(ProblemCode.TOO_LARGE, column, amount)


def _references(content: SlipContent) -> Iterator[Problem]:
    is_sale = content.kind is SlipKind.SALE
    if is_sale and content.original:
        yield Problem(ProblemCode.ORIGINAL_UNEXPECTED, columns.ORIGINAL)
    if not is_sale and not content.original:
        yield Problem(ProblemCode.ORIGINAL_REQUIRED, columns.ORIGINAL)
    if content.is_red and not content.reason:
        yield Problem(ProblemCode.REASON_REQUIRED, columns.REASON)
    if content.reason and not content.is_red:
        yield Problem(ProblemCode.REASON_UNEXPECTED, columns.REASON)


def _repetitions(content: SlipContent) -> Iterator[Problem]:
    for category in _repeated([part.category for part in content.taxes]):
        yield Problem(ProblemCode.REPEATED_CATEGORY, columns.amount_column(category))
    for method in _repeated([payment.method for payment in content.payments]):
        yield Problem(ProblemCode.REPEATED_METHOD, columns.payment_column(method))


def _repeated[Value: str](values: Sequence[Value]) -> list[Value]:
    return sorted({value for value in values if values.count(value) > 1})


def _signs(content: SlipContent) -> Iterator[Problem]:
    """Payments are left out: cash on a black slip is negative where a voucher gave change."""
    code = ProblemCode.POSITIVE_ON_RED if content.is_red else ProblemCode.NEGATIVE_ON_BLACK
    for column, amount in _signed_amounts(content):
        if amount > 0 if content.is_red else amount < 0:
            yield _problem(code, column, amount)


def _margins(content: SlipContent) -> Iterator[Problem]:
    paid = sum(payment.amount for payment in content.payments)
    if paid != content.total:
        yield _problem(ProblemCode.PAYMENTS_DIFFER, columns.PAYMENTS, f"{paid} / {content.total}")
    if not content.taxes and any(payment.amount for payment in content.payments):
        yield Problem(ProblemCode.NOTHING_SOLD, columns.PAYMENTS)


def _taxes(content: SlipContent) -> Iterator[Problem]:
    for part in content.taxes:
        if part.tax and not tax.is_taxed(part.category):
            yield _problem(ProblemCode.TAX_ON_UNTAXED, columns.tax_column(part.category), part.tax)
        if not min(0, part.amount) <= part.tax <= max(0, part.amount):
            yield _problem(ProblemCode.TAX_OUT_OF_RANGE, columns.tax_column(part.category), part.tax)


def _categories(content: SlipContent) -> Iterator[Problem]:
    """What is taken back may have been sold before its category was withdrawn, but not before there was one."""
    day, is_sale = content.business_date, content.kind is SlipKind.SALE
    if day < tax.FIRST_DAY:
        return
    for part in content.taxes:
        if not tax.exists(part.category, day) or (is_sale and part.amount and not tax.is_sold(part.category, day)):
            yield _problem(ProblemCode.CATEGORY_NOT_SOLD, columns.amount_column(part.category), day)


def _payment_problems(content: SlipContent, kinds: Mapping[str, PaymentKind]) -> Iterator[Problem]:
    code = ProblemCode.POSITIVE_ON_RED if content.is_red else ProblemCode.NEGATIVE_ON_BLACK
    for payment in content.payments:
        column, kind = columns.payment_column(payment.method), kinds.get(payment.method)
        is_against_the_slip = payment.amount > 0 if content.is_red else payment.amount < 0
        if kind is None:
            yield _problem(ProblemCode.UNKNOWN_METHOD, column, payment.method)
        elif is_against_the_slip and kind is not PaymentKind.CASH:
            yield _problem(code, column, payment.amount)
        if payment.overage and kind is not None and kind not in VOUCHERS:
            yield _problem(ProblemCode.OVERAGE_WITHOUT_VOUCHER, column, payment.overage)


def _change_problems(content: SlipContent, kinds: Mapping[str, PaymentKind]) -> Iterator[Problem]:
    """Negative cash is the change on a voucher, and nobody gets more change than the voucher was worth; on a red slip turned round."""
    sign = -1 if content.is_red else 1
    paid = {payment.method: sign * payment.amount for payment in content.payments}
    given = {method: amount for method, amount in paid.items() if amount < 0 and kinds.get(method) is PaymentKind.CASH}
    worth = sum(amount for method, amount in paid.items() if kinds.get(method) in CHANGE_IS_GIVEN_ON)
    if -sum(given.values()) > max(worth, 0):
        method = next(iter(given))
        yield _problem(ProblemCode.CHANGE_WITHOUT_VOUCHER, columns.payment_column(method), sign * given[method])


def _signed_amounts(content: SlipContent) -> Iterator[tuple[str, int]]:
    yield from ((columns.amount_column(part.category), part.amount) for part in content.taxes)
    for payment in content.payments:
        yield from ((columns.TENDERED, payment.tendered), (columns.CHANGE, payment.change), (columns.OVERAGE, payment.overage))
    yield from ((columns.DISCOUNT, content.discount), (columns.SERVICE_CHARGE, content.service_charge))
    yield from ((columns.POINTS, content.points), (columns.GUESTS, content.guests))


def _amounts(content: SlipContent) -> Iterator[tuple[str, int]]:
    yield from _signed_amounts(content)
    yield from ((columns.payment_column(payment.method), payment.amount) for payment in content.payments)
    yield (columns.TOTAL, content.total)


def _problem(code: ProblemCode, column: str, value: object) -> Problem:
    return Problem(code, column, str(value)[:SHOWN_OF_A_VALUE])
