from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from closing.analysis_period import Span, Step
from closing.charts import Series
from closing.sales_trend import trend_of

FIRST = date(2026, 4, 1)
PERIOD = Span(FIRST, FIRST + timedelta(days=40))
NAMES = {number: f"支払{number}" for number in range(8)}

rows = st.lists(
    st.tuples(
        st.sampled_from(list(NAMES)),
        st.integers(0, 40).map(lambda number: FIRST + timedelta(days=number)),
        st.integers(-(10**9), 10**9),
        st.integers(-(10**8), 10**8),
    ),
    max_size=20,
)


@given(rows, st.sampled_from(Step))
def test_the_parts_of_every_strand_add_up_to_the_rows(rows, step):
    trend = trend_of(PERIOD.cut(step), rows, names=NAMES, before={})

    assert (trend.sum.total, trend.sum.tax) == (sum(row[2] for row in rows), sum(row[3] for row in rows))
    assert sum(whole[0] for _span, _parts, whole in trend.rows) == trend.sum.total
    assert sum(amount for _span, parts, _whole in trend.rows for amount, _tax in parts) == trend.sum.total


@given(rows)
def test_a_chart_of_five_names_leaves_no_yen_out(rows):
    trend = trend_of(PERIOD.cut(Step.WEEK), rows, names=NAMES, before={})

    series = trend.series("その他")

    assert len(series) <= 5
    assert sum(amount or 0 for one in series for amount in one.amounts) == trend.sum.total


def test_what_is_missing_is_not_nothing():
    spans = Span(FIRST, FIRST + timedelta(days=2)).cut(Step.DAY)
    rows = [(1, FIRST, 1_100, 100), (1, FIRST, -1_100, -100), (2, FIRST + timedelta(days=2), 500, 0)]

    trend = trend_of(spans, rows, names=NAMES, before={3: 700})

    assert trend.series("") == (Series("支払1", (0, None, None), 1), Series("支払2", (None, None, 500), 2), Series("支払3", (None,) * 3, 3))
    assert [(strand.total, strand.before, strand.difference) for strand in trend.strands] == [(0, 0, 0), (500, 0, 500), (0, 700, -700)]
