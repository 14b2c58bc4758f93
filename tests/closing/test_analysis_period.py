from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.analysis_period import ONE_DAY, Compared, Span, Step

dates = st.dates(date(2001, 1, 1), date(2100, 1, 1))
spans = st.tuples(dates, st.integers(0, 400)).map(lambda drawn: Span(drawn[0], drawn[0] + drawn[1] * ONE_DAY))


def span(first, last):
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@given(spans, st.sampled_from(Step))
def test_the_parts_of_a_period_are_the_period(period, step):
    parts = period.cut(step)

    assert (parts[0].first, parts[-1].last, sum(part.days for part in parts)) == (period.first, period.last, period.days)
    assert [part.first for part in parts[1:]] == [part.last + ONE_DAY for part in parts[:-1]]


@given(spans)
def test_weeks_begin_on_monday_and_months_on_their_first(period):
    assert {part.first.weekday() for part in period.cut(Step.WEEK)[1:]} <= {0}
    assert {part.first.day for part in period.cut(Step.MONTH)[1:]} <= {1}


@given(spans, st.sampled_from(Compared))
def test_what_a_period_is_compared_with_lies_before_it(period, compared):
    before = period.compared_with(compared)

    assert before.first <= before.last
    assert before.first < period.first
    assert compared is Compared.LAST_YEAR or before.last < period.first


@pytest.mark.parametrize(
    ("period", "previous", "last_year"),
    [
        (span("2026-11-10", "2026-11-16"), span("2026-11-03", "2026-11-09"), span("2025-11-11", "2025-11-17")),
        (span("2026-11-01", "2026-11-30"), span("2026-10-01", "2026-10-31"), span("2025-11-01", "2025-11-30")),
        (span("2026-11-01", "2026-11-23"), span("2026-10-01", "2026-10-23"), span("2025-11-01", "2025-11-23")),
        (span("2026-03-01", "2026-03-30"), span("2026-02-01", "2026-02-28"), span("2025-03-01", "2025-03-30")),
        (span("2026-01-01", "2026-03-31"), span("2025-10-01", "2025-12-31"), span("2025-01-01", "2025-03-31")),
    ],
)
def test_months_are_compared_with_months_and_weekdays_with_weekdays(period, previous, last_year):
    assert (period.previous, period.last_year) == (previous, last_year)


@pytest.mark.parametrize(("days", "step"), [(1, Step.DAY), (45, Step.DAY), (46, Step.WEEK), (190, Step.WEEK), (191, Step.MONTH)])
def test_a_long_period_is_cut_into_longer_parts(days, step):
    assert Span(date(2026, 1, 1), date(2026, 1, 1) + (days - 1) * ONE_DAY).suited_step is step


def test_a_part_of_a_week_or_month_is_told_from_a_whole_one():
    period = span("2026-11-01", "2026-12-06")

    assert [part.is_whole(Step.WEEK) for part in period.cut(Step.WEEK)] == [False, True, True, True, True, True]
    assert [part.is_whole(Step.MONTH) for part in period.cut(Step.MONTH)] == [True, False]
