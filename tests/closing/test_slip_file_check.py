"""What a slip file would do, before anything of it is written."""

from datetime import date

import pytest

from closing.models import MonthLock, Slip, SlipFileRemark
from closing.slip_content import Problem
from closing.slip_file_check import FileCheck
from closing.slip_messages import sentence
from tests.closing.conftest import DAY, book, sale
from tests.closing.slip_lines import CARD_SALE, CASH_SALE, HEADER, REFUND, slip_file

pytestmark = pytest.mark.usefixtures("register", "methods")


def check(store, *lines, at_once=2, header=HEADER):
    """What the check says of each line, and what it found; `at_once` lines are looked at in one piece."""
    checked, remarks = FileCheck(store, slip_file(*lines, header=header), today=DAY), []
    while (looked := checked.look_at(at_once))[0]:
        remarks += looked[1]
    said = [(remark.line, remark.fate, *(sentence(Problem(*problem)) for problem in remark.problems)) for remark in remarks]
    return said, checked.found


def test_a_good_file_is_counted_by_day_and_method_and_nothing_is_written(shibuya):
    said, found = check(shibuya, CASH_SALE, CARD_SALE, REFUND)

    assert said == []
    assert found == {
        "counts": {"NEW": 3, "KNOWN": 0, "REPEATED": 0, "KEPT": 0, "REFUSED": 0},
        "days": [
            {"date": "2026-03-31", "new": 1, "known": 0, "total": 2200, "methods": {"VISA": [1, 2200]}},
            {"date": "2026-04-01", "new": 2, "known": 0, "total": -1100, "methods": {"CASH": [1, 1100], "VISA": [1, -2200]}},
        ],
        "is_cut": False,
    }
    assert (Slip.objects.count(), SlipFileRemark.objects.count()) == (0, 0)


def test_what_is_in_the_books_already_is_told_apart(shibuya, by):
    book(shibuya, sale("000009"), by=by)

    said, found = check(shibuya, "000009,売上,2026-04-01,2026-04-01 22:10:00,1,0102,,,1100,100,,,1100,", CASH_SALE)

    assert said == []
    assert (found["counts"]["KNOWN"], found["counts"]["NEW"]) == (1, 1)


@pytest.mark.parametrize("at_once", [1, 2, 10])
def test_a_line_that_stands_twice_in_the_file_is_named_with_the_first(shibuya, at_once):
    said, found = check(shibuya, CASH_SALE, CARD_SALE, CASH_SALE, CARD_SALE.replace("2200,200", "2200,199"), at_once=at_once)

    assert said == [
        (4, "REPEATED", "2行目と同じ伝票です。1件だけ登録します。"),
        (5, "REFUSED", "3行目と「伝票番号」が同じですが、内容が違います。どちらが正しいか確かめてください。"),
    ]
    assert found["counts"] == {"NEW": 2, "KNOWN": 0, "REPEATED": 1, "KEPT": 0, "REFUSED": 1}


@pytest.mark.parametrize("at_once", [1, 10])
def test_more_is_not_taken_back_by_several_lines_than_one_line_sold(shibuya, at_once):
    again = REFUND.replace("000003,", "000004,", 1)

    said, _found = check(shibuya, CARD_SALE, REFUND, again, at_once=at_once)

    assert said == [(4, "REFUSED", "赤伝票の合計が「元伝票」の金額を超えます: 0001-1-20260331-000002")]


def test_a_slip_of_a_locked_month_is_kept_and_one_that_is_wrong_as_well_is_refused(shibuya, company):
    MonthLock.objects.create(company=company, month=date(2026, 3, 1), is_locked=True)

    said, found = check(shibuya, CARD_SALE, CARD_SALE.replace("000002", "000005").replace(",1,0102", ",7,0102"), CASH_SALE)

    assert said == [
        (2, "KEPT", "「営業日」の月は月次締め済みです: 2026-03-31"),
        (
            3,
            "REFUSED",
            "POS番号「7」のレジはこの店舗にありません。マスタのレジを確かめてください。",
            "「営業日」の月は月次締め済みです: 2026-03-31",
        ),
    ]
    assert (found["counts"]["KEPT"], [day["date"] for day in found["days"]]) == (1, ["2026-04-01"])


def test_every_kind_of_bad_line_is_named_with_its_line_and_reason(shibuya):
    said, found = check(
        shibuya,
        "例1,売上,2026-04-01,2026-04-01 10:05:00,1,0102,,,1100,100,2000,900,1100,",
        "=1+1,売上,2026-04-01,2026-04-01 10:05:00,1,0102,,,1100,100,,,1100,",
        "000007,売上,2026-04-02,2026-04-01 10:05:00,1,0102,,,=1100,100,,,1100,",
        "000008,売上,令和8年4月1日,2026-04-01 10:05:00,1,0102,,,1100,100,,,1100,",
        "000009,売上,2026-04-02,2026-04-02 10:05:00,1,0102,,,1100,100,,,1100,",
        header=HEADER,
    )

    assert said == [
        (2, "REFUSED", "ひな形の記入例の行です (例1)。この行を削除してください。"),
        (3, "REFUSED", "「伝票番号」は半角の英数字とハイフンで20文字以内にしてください: =1+1"),
        (4, "REFUSED", "「10%対象額」は整数で入力してください: =1100"),
        (5, "REFUSED", "「営業日」は2026-04-01のような日付にしてください: 令和8年4月1日"),
        (6, "REFUSED", "「営業日」が未来の日付です: 2026-04-02"),
    ]
    assert found["counts"] == {"NEW": 0, "KNOWN": 0, "REPEATED": 0, "KEPT": 0, "REFUSED": 5}


def test_a_payment_method_that_nobody_has_registered_is_named(shibuya):
    said, _found = check(shibuya, CARD_SALE, header=HEADER.replace("VISA", "NANACO"))

    assert said == [(2, "REFUSED", "支払方法「NANACO」は登録されていません。マスタの支払方法を確かめてください。")]


def test_a_file_that_ends_in_the_middle_says_that_it_was_not_read_to_its_end(shibuya):
    said, found = check(shibuya, CASH_SALE, '"000002,売上')

    assert (said[0][0], found["is_cut"], found["counts"]["NEW"]) == (3, True, 1)
