from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yayoi_link.importfile import LIMITS, Dialect
from yayoi_link.importfile_parts import RowsOfDay, file_parts

DAY = date(2026, 4, 1)
ONLINE = LIMITS[Dialect.ONLINE]
ROW = b"2000,,,\r\n"

days = st.lists(
    st.builds(
        RowsOfDay,
        st.integers(0, 5).map(lambda later: DAY + timedelta(days=later)),
        st.tuples(st.integers(0, 900), st.integers(10, 1500)).map(lambda size: (b"x" * size[1],) * size[0]),
    ),
    max_size=8,
)


def of(rows, later=0):
    return RowsOfDay(DAY + timedelta(days=later), (ROW,) * rows)


def sizes(*days, limits=ONLINE):
    return [(part.first, part.last, part.row_count) for part in file_parts(days, limits)]


def test_whole_days_share_a_file_up_to_a_thousand_rows():
    assert sizes(of(600), of(400, later=1), of(1, later=2)) == [
        (DAY, DAY + timedelta(days=1), 1000),
        (DAY + timedelta(days=2), DAY + timedelta(days=2), 1),
    ]


def test_a_day_is_not_divided_to_fill_a_file():
    assert [rows for *_, rows in sizes(of(600), of(401, later=1))] == [600, 401]


def test_a_date_too_large_for_a_file_is_divided_between_stores():
    assert sizes(of(600), of(500), of(100, later=1)) == [(DAY, DAY, 600), (DAY, DAY + timedelta(days=1), 600)]


def test_a_store_day_too_large_for_a_file_is_divided():
    assert sizes(of(1001)) == [(DAY, DAY, 1000), (DAY, DAY, 1)]


def test_a_file_has_at_most_a_million_bytes():
    exactly, above = RowsOfDay(DAY, (b"x" * 1_000_000,)), RowsOfDay(DAY + timedelta(days=1), (b"x",))

    assert [len(part.content) for part in file_parts([exactly, above], ONLINE)] == [1_000_000, 1]


def test_the_desktop_takes_any_number_of_rows():
    assert sizes(of(1001), of(5000, later=1), limits=LIMITS[Dialect.DESKTOP]) == [(DAY, DAY + timedelta(days=1), 6001)]


@given(days)
def test_no_row_is_lost_and_no_limit_is_broken(of_days):
    parts = file_parts(of_days, ONLINE)

    in_order = [row for day in sorted(of_days, key=lambda day: day.date) for row in day.rows]
    assert b"".join(part.content for part in parts) == b"".join(in_order)
    assert [part for part in parts if part.row_count > 1000 or len(part.content) > 1_000_000] == []
