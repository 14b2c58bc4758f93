from datetime import date

import pytest
from django.utils import translation

from closing.analysis_period import Span, Step
from closing.charts import Slot
from closing.templatetags.charts import across, axis_yen, change_in_words, percent, signed_percent, slots_of

CASES = [
    (0, "¥0", "¥0"),
    (5_000, "¥5,000", "¥5,000"),
    (200_000, "20万円", "¥200K"),
    (-10_000, "-1万円", "-¥10K"),
    (3 * 10**8, "3億円", "¥300M"),
]


@pytest.mark.parametrize(("amount", "japanese", "english"), CASES)
def test_an_amount_beside_a_chart_is_short(amount, japanese, english):
    with translation.override("ja"):
        in_japanese = axis_yen(amount)
    with translation.override("en"):
        in_english = axis_yen(amount)

    assert (in_japanese, in_english) == (japanese, english)


@pytest.mark.parametrize(("place", "shown"), [(0, "0.00%"), (1_205, "12.05%"), (10_000, "100.00%")])
def test_a_place_is_a_percentage_that_svg_reads(place, shown):
    assert across(place) == shown


@pytest.mark.parametrize(
    ("permille", "plain", "signed"), [(123, "12.3%", "+12.3%"), (-5, "-0.5%", "-0.5%"), (0, "0.0%", "0.0%"), (None, "－", "－")]
)
def test_a_share_has_one_decimal(permille, plain, signed):
    assert (percent(permille), signed_percent(permille)) == (plain, signed)


@pytest.mark.parametrize(("difference", "words"), [(1_200, "¥1,200 多い"), (-1_200, "¥1,200 少ない"), (0, "同額")])
def test_a_change_is_told_in_words(difference, words):
    with translation.override("ja"):
        assert change_in_words(difference) == words


def test_weekends_and_parts_of_weeks_are_set_off():
    friday_to_monday = Span(date(2026, 4, 3), date(2026, 4, 6))

    with translation.override("ja"):
        days, weeks = (slots_of(friday_to_monday.cut(step), step) for step in (Step.DAY, Step.WEEK))

    assert [slot.is_marked for slot in days] == [False, True, True, False]
    assert weeks == [Slot("2026年4月3日(金)～2026年4月5日(日)", "4/3", True), Slot("2026年4月6日(月)", "4/6", True)]
