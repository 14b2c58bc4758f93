from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yayoi_link.daybook import BadDaybookRow, DaybookProblem, DaybookRow, DaybookSide, read_daybook
from yayoi_link.row_reference import RowReference

DAY = date(2026, 4, 1)
PLAIN = (
    "2000,12,,2026/04/01,現金,,渋谷店,対象外,110000,0,売上高,,渋谷店,課税売上込10%,110000,0,現金売上10% 渋谷店 #0001-260401-1,,,0,,,0,0,no"
)
QUOTED = (
    '"2000",12,"","2026/04/01","現金","","渋谷店","対象外",110000,0,"売上高","","渋谷店","課税売上込10%",110000,0,'
    '"現金売上10% 渋谷店 #0001-260401-1","","",0,"","","0","0","no"'
)
ROW = DaybookRow(
    line=1,
    date=DAY,
    debit=DaybookSide("現金", "", "対象外", 110_000, 0),
    credit=DaybookSide("売上高", "", "課税売上込10%", 110_000, 0),
    description="現金売上10% 渋谷店 #0001-260401-1",
    reference=RowReference("0001", DAY, 1),
)


def read(text, encoding="cp932"):
    return list(read_daybook(text.encode(encoding)))


def with_cell(column, value):
    cells = PLAIN.split(",")
    cells[column] = value
    return ",".join(cells)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", ""])
@pytest.mark.parametrize("line", [PLAIN, QUOTED, PLAIN + ",渋谷商事,", QUOTED + ',"",""'])
def test_every_layout_of_the_export_is_read(line, line_end, encoding):
    assert read(line + line_end, encoding) == [ROW]


@pytest.mark.parametrize(
    "cell",
    ["2026/04/01", "2026/4/1", "20260401", "2026-04-01", "R.08/04/01", "R08/04/01", "R8/4/1", "R. 8/ 4/ 1", "r.08/04/01", "２０２６/04/01"],
)
def test_every_style_of_date_is_read(cell):
    [row] = read(with_cell(3, cell))

    assert row.date == DAY


@pytest.mark.parametrize(
    ("cell", "day"), [("R.01/05/01", date(2019, 5, 1)), ("H.31/04/30", date(2019, 4, 30)), ("S64/1/7", date(1989, 1, 7))]
)
def test_eras_are_counted_from_their_first_year(cell, day):
    [row] = read(with_cell(3, cell))

    assert row.date == day


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        (0, "1000", DaybookProblem.BAD_FLAG),
        (0, "識別フラグ", DaybookProblem.BAD_FLAG),
        (3, "2026/02/30", DaybookProblem.BAD_DATE),
        (3, "", DaybookProblem.BAD_DATE),
        (3, "R.0", DaybookProblem.BAD_DATE),
        (8, "12.5", DaybookProblem.BAD_AMOUNT),
        (15, "千円", DaybookProblem.BAD_AMOUNT),
        (14, "123456789012", DaybookProblem.BAD_AMOUNT),
    ],
)
def test_a_cell_that_makes_no_sense_is_named_with_its_line(column, cell, problem):
    assert read(f"{PLAIN}\r\n{with_cell(column, cell)}\r\n{PLAIN}")[1] == BadDaybookRow(2, problem, cell)


def test_a_bad_line_does_not_stop_the_others():
    rows = read(f"{PLAIN}\r\n1,2,3\r\n{PLAIN}")

    assert [getattr(row, "problem", "row") for row in rows] == ["row", DaybookProblem.WRONG_WIDTH, "row"]


def test_blank_lines_and_comments_are_skipped():
    assert read(f"# 仕訳日記帳\r\n\r\n,,\r\n{PLAIN}") == [DaybookRow(4, *astuple(ROW)[1:])]


def astuple(row):
    return tuple(getattr(row, name) for name in DaybookRow.__slots__)


def test_later_rows_of_a_slip_may_leave_the_date_to_the_first():
    first, later = with_cell(0, "2110"), with_cell(0, "2101").replace("2026/04/01", "")

    assert [row.date for row in read(f"{first}\n{later}")] == [DAY, DAY]


def test_a_row_with_one_side_has_that_sides_amount():
    cells = PLAIN.split(",")
    cells[10:16] = ["", "", "", "対象外", "0", "0"]

    [row] = read(",".join(cells))

    assert row.amounts == {110_000}


def test_amounts_may_have_commas_and_blanks_mean_nothing():
    [row] = read(QUOTED.replace("110000,0", '"110,000",'))

    assert (row.amounts, row.credit.tax_amount) == ({110_000}, 0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", DaybookProblem.EMPTY),
        (b"\r\n\r\n", DaybookProblem.EMPTY),
        (b"PK\x03\x04\0\0", DaybookProblem.NOT_TEXT),
        ("2000".encode("utf-16"), DaybookProblem.NOT_TEXT),
        (b'2000,"never closed', DaybookProblem.NOT_CSV),
    ],
)
def test_a_file_of_another_kind_is_told_as_such(content, problem):
    assert list(read_daybook(content)) == [BadDaybookRow(1, problem)]


def test_a_file_with_too_many_rows_is_read_as_far_as_allowed():
    read = list(read_daybook("\n".join([PLAIN] * 4).encode(), most_rows=2))

    assert read[2:] == [BadDaybookRow(3, DaybookProblem.TOO_MANY_ROWS)]


def test_the_memo_names_the_key():
    [row] = read(with_cell(21, "#0001-260401-1 sales/CASH/STANDARD_10"))

    assert (row.key, row.reference) == ("sales/CASH/STANDARD_10", RowReference("0001", DAY, 1))


cells = (
    st.sampled_from(["2000", "2110", "2101", "", '"', "R.08/04/01", "20260401", "対象外", "100", "#0001-260401-1", "\r", "😀"]) | st.text()
)
lines = st.lists(cells, min_size=20, max_size=28).map(",".join)
files = st.lists(lines | st.just(PLAIN) | st.just(QUOTED), max_size=5).map("\n".join)


@given(st.binary(max_size=500) | files.map(lambda text: text.encode("utf-8", "replace")))
def test_the_reader_reports_and_never_raises(content):
    read = list(read_daybook(content))

    assert read
    assert {type(row) for row in read} <= {DaybookRow, BadDaybookRow}


@given(st.lists(st.sampled_from([PLAIN, QUOTED]), min_size=1, max_size=3), st.data())
def test_a_file_cut_or_garbled_anywhere_is_still_reported_on(rows, data):
    content = bytearray("\r\n".join(rows).encode("cp932"))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=3))

    assert list(read_daybook(bytes(content)))
