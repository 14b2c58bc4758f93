from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.categories import TaxCategory
from closing.tax import FIRST_DAY, NoRule, Rounding, disagreement, exists, is_flagged, is_sold, own_tax, rounding_on, rule_on

DAY = date(2026, 4, 1)
TAXED = [TaxCategory.STANDARD_10, TaxCategory.REDUCED_8]


def test_tax_is_what_is_inside_the_inclusive_amount():
    assert [own_tax(1100, TaxCategory.STANDARD_10, DAY), own_tax(1080, TaxCategory.REDUCED_8, DAY)] == [100, 80]


@pytest.mark.parametrize(("rounding", "tax"), [(Rounding.ROUND_DOWN, 90), (Rounding.HALF_UP, 91), (Rounding.ROUND_UP, 91)])
def test_tax_is_rounded_by_the_rule_of_the_company(rounding, tax):
    assert own_tax(1000, TaxCategory.STANDARD_10, DAY, rounding) == tax


def test_half_a_yen_is_rounded_up_by_half_up():
    amount_with_half_a_yen_of_tax = 27 * 20 + 27 // 2 + 27

    taxes = [own_tax(amount_with_half_a_yen_of_tax + step, TaxCategory.REDUCED_8, DAY, Rounding.HALF_UP) for step in (-1, 0, 1)]

    assert taxes == [43, 43, 43]


@given(st.integers(-(10**9), 10**9), st.sampled_from(TAXED), st.sampled_from(Rounding))
def test_the_tax_of_a_red_slip_is_exactly_the_negative(amount, category, rounding):
    assert own_tax(-amount, category, DAY, rounding) == -own_tax(amount, category, DAY, rounding)


@given(st.integers(0, 10**9), st.sampled_from(TaxCategory), st.sampled_from(Rounding))
def test_tax_lies_within_its_amount(amount, category, rounding):
    assert 0 <= own_tax(amount, category, DAY, rounding) <= amount


@given(st.integers(0, 10**9), st.sampled_from(TAXED))
def test_rounding_rules_differ_by_at_most_one_yen(amount, category):
    down, half, up = (own_tax(amount, category, DAY, rounding) for rounding in Rounding)

    assert down <= half <= up <= down + 1


def test_what_is_not_taxed_has_no_tax():
    untaxed = [category for category in TaxCategory if category not in TAXED]

    assert [own_tax(1000, category, DAY) for category in untaxed] == [0] * 7


def test_there_is_no_rule_before_its_first_day():
    assert rule_on(TaxCategory.REDUCED_8, date(2019, 10, 1)).percent == 8
    with pytest.raises(NoRule):
        rule_on(TaxCategory.REDUCED_8, date(2019, 9, 30))


def test_every_category_has_a_rule_from_the_first_day_on():
    assert [exists(category, FIRST_DAY) for category in TaxCategory] == [True] * len(TaxCategory)


def test_the_rounding_of_a_day_is_the_latest_choice_that_applies():
    chosen = [(date(2026, 4, 1), Rounding.ROUND_UP), (date(2026, 6, 1), Rounding.HALF_UP)]

    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31), date(2026, 6, 1)]

    assert [rounding_on(chosen, day) for day in days] == [Rounding.ROUND_DOWN, Rounding.ROUND_UP, Rounding.ROUND_UP, Rounding.HALF_UP]


def test_one_yen_off_is_accepted_and_two_are_flagged():
    off = [disagreement(printed, 1100, TaxCategory.STANDARD_10, DAY, Rounding.ROUND_DOWN) for printed in (100, 101, 98)]

    assert [(yen, is_flagged(yen)) for yen in off] == [(0, False), (1, False), (2, True)]


def test_tax_free_sales_end_with_october_2026():
    days = [date(2026, 10, 31), date(2026, 11, 1)]

    assert [is_sold(TaxCategory.EXPORT, day) for day in days] == [True, False]
    assert is_sold(TaxCategory.EXEMPT, days[1])
