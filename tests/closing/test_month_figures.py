from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from closing.categories import Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, SalesLine
from closing.month_figures import CategoryMonth, MonthFigures, Taxed, added, sum_of
from tests.days import trading_days


def line(nature, amount, tax, category=TaxCategory.STANDARD_10):
    return SalesLine("CASH", "現金", PaymentKind.CASH, category, nature, amount, tax)


def test_mistakes_and_returns_stand_in_columns_of_their_own():
    day = DayFigures(
        lines=(
            line(Nature.SALE, 3300, 300),
            line(Nature.MISTAKE, -1100, -100),
            line(Nature.EARLIER_MISTAKE, -220, -20),
            line(Nature.RETURN, -550, -50),
        )
    )

    month = added(added(MonthFigures(), day), day)

    assert month.sales == (CategoryMonth(TaxCategory.STANDARD_10, Taxed(6600, 600), Taxed(-2640, -240), Taxed(-1100, -100)),)
    assert (month.sales[0].net, month.sales[0].net.untaxed) == (Taxed(2860, 260), 2600)


def test_what_is_no_sale_is_added_up_apart():
    day = DayFigures(lines=(line(Nature.SALE, 1080, 80, TaxCategory.REDUCED_8), line(Nature.SALE, 5000, 0, TaxCategory.NON_SALES_VOUCHER)))

    month = added(MonthFigures(), day)

    assert (month.gross_sales, month.non_sales_total, month.payments_total) == (1080, 5000, 0)
    assert [each.category for each in (*month.sales, *month.non_sales)] == [TaxCategory.REDUCED_8, TaxCategory.NON_SALES_VOUCHER]


@given(st.lists(trading_days(), max_size=4))
def test_a_month_is_the_sum_of_its_slips(days):
    month = reduce(added, (figures for _slips, figures in days), MonthFigures())

    parts = [part for slips, _figures in days for slip in slips for part in slip.taxes]
    sold = [part for part in parts if part.category.is_sales]
    assert sum_of(month.sales) == Taxed(sum(part.amount for part in sold), sum(part.tax for part in sold))
    assert sum_of(month.non_sales).amount == sum(part.amount for part in parts) - sum(part.amount for part in sold)
    assert (month.days, month.gross_sales + month.non_sales_total) == (len(days), month.payments_total)
