import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from closing.categories import Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, MethodTotal, MovementLine, RegisterCash, SalesLine, SlipTotals, proof
from closing.intake import book_slips
from closing.models import BusinessDay, PaymentMethod, Slip, SlipPayment
from closing.models.totals import add_up, day_figures
from closing.trading_day import record_movement, set_opening_float
from stores.models import Register
from tests.closing.conftest import DAY, book, sale
from tests.strategies import KINDS, slips


@pytest.fixture
def random_trade(shibuya):
    for number in (1, 2, 3):
        Register.objects.get_or_create(store=shibuya, number=number)
    for code, kind in KINDS.items():
        PaymentMethod.objects.get_or_create(company=shibuya.company, code=code, defaults={"name": code, "kind": kind})
    return shibuya


def test_the_figures_of_a_day_are_what_was_booked(day, register, shibuya, paid_out, by):
    set_opening_float(day, register, amount=30_000, by=by)
    book(shibuya, sale("1", guests=2), sale("2", 2200, "VISA", discount=100), by=by)
    movement = record_movement(day, paid_out, by=by)
    day.refresh_from_db()

    assert day_figures(day) == DayFigures(
        slips=SlipTotals(sales_count=2, discount=100, guests=2),
        lines=(
            SalesLine("CASH", "現金", PaymentKind.CASH, TaxCategory.STANDARD_10, Nature.SALE, 1100, 100),
            SalesLine("VISA", "VISA", PaymentKind.CREDIT, TaxCategory.STANDARD_10, Nature.SALE, 2200, 200),
        ),
        methods=(MethodTotal("CASH", "現金", PaymentKind.CASH, 1, 1100), MethodTotal("VISA", "VISA", PaymentKind.CREDIT, 1, 2200)),
        movements=(MovementLine(movement.uuid.hex, 1, "PAID_OUT", "0003", "消耗品", 880, payee="道玄坂文具店", receipt_date=DAY),),
        registers=(RegisterCash(1, opening_float=30_000, cash_sales=1100, paid_out=880, float_adjustment=30_000),),
    )


def test_figures_up_to_an_entry_leave_out_what_came_later(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    book(shibuya, sale("2"), by=by)
    day.refresh_from_db()

    assert (day_figures(day, up_to=1).gross_sales, day_figures(day).gross_sales) == (1100, 2200)
    assert add_up(day, up_to=1).slip_digest != add_up(day, up_to=2).slip_digest


def test_a_day_is_added_up_in_the_same_queries_however_many_slips(day, shibuya, by, django_assert_num_queries):
    book(shibuya, *(sale(str(number)) for number in range(30)), by=by)
    day.refresh_from_db()

    with django_assert_num_queries(6):
        figures = day_figures(day)

    assert figures.gross_sales == 30 * 1_100


@given(contents=st.lists(slips, max_size=6, unique_by=lambda slip: (slip.register_number, slip.number)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_day_adds_up_to_its_slips_to_the_yen(random_trade, by, contents):
    with transaction.atomic():
        book_slips(random_trade, contents, by=by, today=DAY)
        booked = sum(Slip.objects.values_list("total", flat=True))
        paid = sum(SlipPayment.objects.values_list("amount", flat=True))
        days = [(day.sales_total, day_figures(day)) for day in BusinessDay.objects.all()]
        transaction.set_rollback(True)

    assert [proof(figures) for _, figures in days] == [[] for _ in days]
    assert booked == paid == sum(figures.gross_sales + figures.non_sales_total for _, figures in days)
    assert sum(sales for sales, _ in days) == sum(figures.gross_sales for _, figures in days)
