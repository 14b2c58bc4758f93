import pytest

from closing.trading_day import RegisterCount, close_day
from stores.spreadsheet import csv_lines, defused
from tests.cast import sign_in
from tests.closing.conftest import book, sale

pytestmark = pytest.mark.usefixtures("evening")


@pytest.mark.parametrize("first", "=+-@\t\r＝＋－＠")
def test_what_a_spreadsheet_would_run_is_text(first):
    assert defused(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize(("cell", "text"), [(-90, "-90"), ("渋谷店", "渋谷店"), (None, ""), ("1-1", "1-1")])
def test_what_is_no_formula_stays(cell, text):
    assert defused(cell) == text


def test_a_file_for_spreadsheets_begins_with_a_byte_order_mark():
    assert list(csv_lines(["名"], [["=1"], ['"']])) == ["\ufeff名\r\n", "'=1\r\n", '""""\r\n']


def test_the_days_are_a_file_with_what_their_last_report_says(client, manager, day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    close_day(day, counts=[RegisterCount(1, 1_010, 0)], by=by)

    response = sign_in(client, manager).get("/days/csv/")

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["0001,渋谷店,2026-04-01,閉局,1,1,1100,100,0,1100,1010,-90,2026-04-01 22:10:00"]


def test_an_open_day_has_its_sales_so_far(client, manager, day, shibuya, by):
    book(shibuya, sale("1"), by=by)

    content = b"".join(sign_in(client, manager).get("/days/csv/").streaming_content).decode()

    assert "0001,渋谷店,2026-04-01,開局中,,1,1100,,,,,," in content


def test_a_clerk_takes_no_file_along(client, clerk, day):
    assert sign_in(client, clerk).get("/days/csv/").status_code == 403


def test_a_rival_finds_nothing_in_the_file(client, rival_admin, day):
    content = b"".join(sign_in(client, rival_admin).get("/days/csv/").streaming_content).decode()

    assert len(content.splitlines()) == 1
