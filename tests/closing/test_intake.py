from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.categories import Nature, ReversalReason, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, Slip, SlipPayment, SlipSplit
from closing.slip_content import OriginalSlip, PaymentPart, ProblemCode, TaxPart
from closing.trading_day import RegisterCount, close_day
from tests.closing.conftest import DAY, book, sale


def original(number, day=DAY, store="0001"):
    return OriginalSlip(store, 1, day, number)


def red(number, amount, of, reason=ReversalReason.RETURN, **changes):
    return sale(number, -amount, kind=SlipKind.REVERSAL, original=of, reason=reason, **changes | {"taxes": parts(-amount)})


def parts(amount):
    return (TaxPart(TaxCategory.STANDARD_10, amount, int(amount / 11)),)


def refusals(store, content, by):
    (booking,) = book_slips(store, [content], by=by, today=DAY)
    return [problem.code for problem in booking.problems]


def test_the_same_slip_twice_is_booked_once(day, shibuya, by):
    statuses = [book(shibuya, sale("1"), by=by), book(shibuya, sale("1"), by=by)]

    assert statuses == [["created"], ["unchanged"]]
    assert Slip.objects.count() == 1


def test_another_slip_under_the_same_number_is_a_conflict(day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    assert book(shibuya, sale("1", 2200), by=by) == ["conflict"]
    assert Slip.objects.get().total == 1100


def test_a_number_may_return_on_another_day(day, shibuya, by):
    earlier = sale("1", business_date=DAY - timedelta(days=1))

    assert book(shibuya, sale("1"), earlier, by=by) == ["created", "created"]


def test_one_bad_slip_does_not_fail_the_others(day, shibuya, by):
    assert book(shibuya, sale("1"), sale("2", method="NONE"), sale("3"), by=by) == ["created", "invalid", "created"]


def test_a_slip_opens_the_day_it_belongs_to(shibuya, register, methods, by):
    book(shibuya, sale("1"), by=by)

    day = BusinessDay.objects.get()
    assert (day.date, day.is_open, day.entries, day.slip_count, day.sales_total) == (DAY, True, 1, 1, 1100)


def test_a_slip_after_the_close_changes_the_day(day, shibuya, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)

    book(shibuya, sale("1"), by=by)

    assert BusinessDay.objects.changed_after_close().get() == day


def test_only_what_comes_in_after_the_close_is_late(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    close_day(day, counts=[RegisterCount(1, 1100, 0)], by=by)

    book(shibuya, sale("2"), by=by)

    assert [slip.number for slip in Slip.objects.late()] == ["2"]


def test_a_slip_of_tomorrow_is_refused(day, shibuya, by):
    assert refusals(shibuya, sale("1", business_date=DAY + timedelta(days=1)), by) == [ProblemCode.FUTURE_DATE]


def test_a_slip_of_a_register_that_the_store_does_not_have_is_refused(day, shibuya, by):
    assert refusals(shibuya, sale("1", register_number=9), by) == [ProblemCode.UNKNOWN_REGISTER]


def test_the_methods_of_another_company_do_not_exist(day, shibuya, by, rival_company):
    rival_company.payment_methods.create(code="RIVAL", name="図書カード", kind="OTHER")

    assert refusals(shibuya, sale("1", method="RIVAL"), by) == [ProblemCode.UNKNOWN_METHOD]


def test_red_slips_never_take_back_more_than_was_sold(day, shibuya, by):
    book(shibuya, sale("1", 1100), red("2", 1000, original("1")), by=by)

    assert refusals(shibuya, red("3", 110, original("1")), by) == [ProblemCode.MORE_THAN_ORIGINAL]


def test_red_slips_of_one_batch_count_together(day, shibuya, by):
    slips = [sale("1", 1100), red("2", 1000, original("1")), red("3", 110, original("1"))]

    assert book(shibuya, *slips, by=by) == ["created", "created", "invalid"]


def test_a_black_slip_follows_a_red_one_only(day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    assert refusals(shibuya, sale("2", kind=SlipKind.CORRECTION, original=original("1")), by) == [ProblemCode.NOT_TAKEN_BACK_BEFORE]


def test_an_original_may_arrive_after_the_slip_that_takes_it_back(day, shibuya, by):
    book(shibuya, red("2", 1100, original("1")), by=by)

    book(shibuya, sale("1"), by=by)

    assert Slip.objects.get(number="2").original == Slip.objects.get(number="1")


@pytest.mark.parametrize(
    ("reason", "days_ago", "nature"),
    [
        (ReversalReason.RETURN, 0, Nature.RETURN),
        (ReversalReason.MISTAKE, 0, Nature.MISTAKE),
        (ReversalReason.MISTAKE, 1, Nature.EARLIER_MISTAKE),
    ],
)
def test_a_red_slip_says_what_it_means_to_the_books(day, shibuya, by, reason, days_ago, nature):
    taken_back = original("1", DAY - timedelta(days=days_ago))

    book(shibuya, red("2", 1100, taken_back, reason), by=by)

    assert SlipSplit.objects.get().nature == nature


def test_the_split_of_a_slip_holds_both_margins(day, shibuya, by):
    taxes = (TaxPart(TaxCategory.STANDARD_10, 1100, 100), TaxPart(TaxCategory.REDUCED_8, 540, 40))
    payments = (PaymentPart("CASH", 640, 1000, 360), PaymentPart("VISA", 1000))

    book(shibuya, sale("1", taxes=taxes, payments=payments), by=by)

    cells = list(SlipSplit.objects.values_list("method__code", "category", "amount", "tax"))
    assert sum(amount for method, _, amount, _ in cells if method == "CASH") == 640
    assert sum(amount for _, category, amount, _ in cells if category == "REDUCED_8") == 540
    assert sum(tax for *_, tax in cells) == 140


def test_change_on_a_voucher_leaves_the_drawer(day, shibuya, by):
    payments = (PaymentPart("GIFT", 2000), PaymentPart("CASH", -900))

    book(shibuya, sale("1", payments=payments), by=by)

    slip = Slip.objects.get()
    assert (slip.cash_sales, slip.cash_refunds, slip.voucher_change) == (0, 0, 900)
    assert sum(SlipPayment.objects.values_list("amount", flat=True)) == 1100


def test_many_red_slips_are_booked_in_as_many_queries_as_one(day, shibuya, by, django_assert_num_queries):
    book(shibuya, *(sale(f"{number}") for number in range(9)), by=by)
    reds = [red(f"R{number}", 1100, original(f"{number}")) for number in range(9)]
    with CaptureQueriesContext(connection) as for_one:
        book(shibuya, reds[0], by=by)

    with django_assert_num_queries(len(for_one)):
        booked = book(shibuya, *reds[1:], by=by)

    assert booked == ["created"] * 8
