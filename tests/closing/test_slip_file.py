from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing.categories import PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.slip_content import (
    OriginalSlip,
    PaymentPart,
    Problem,
    ProblemCode,
    SlipContent,
    SlipRow,
    TaxPart,
    assign_tender,
)
from closing.slip_file import BadRow, count_lines, problems_of_file, read_slips
from closing.slip_messages import sentence
from closing.slip_rules import broken_rules

REQUIRED = "伝票番号,種別,営業日,日時,POS番号,担当者コード"
HEADER = f"{REQUIRED},元伝票,理由,10%対象額,10%消費税,8%(軽減)対象額,8%(軽減)消費税,お預り,お釣り,客数,支払:CASH,支払:VISA"
SALE = "000123,売上,2026-04-01,2026-04-01T12:34:56+09:00,1,0102,,,1100,100,1080,80,2000,920,2,1080,1100"
RED = "000124,赤,2026/4/1,2026/4/1 12:40,1,0102,0001-1-20260401-000123,返品,-1100,-100,,,,,-2,,-1100"
KINDS = {"CASH": PaymentKind.CASH, "VISA": PaymentKind.CREDIT}
JAPAN = timezone(timedelta(hours=9))
SOLD = SlipRow(
    line=2,
    content=SlipContent(
        number="000123",
        kind=SlipKind.SALE,
        business_date=date(2026, 4, 1),
        issued_at=datetime(2026, 4, 1, 12, 34, 56, tzinfo=JAPAN),
        register_number=1,
        staff_code="0102",
        taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, 100), TaxPart(TaxCategory.REDUCED_8, 1080, 80)),
        payments=(PaymentPart("CASH", 1080), PaymentPart("VISA", 1100)),
        guests=2,
    ),
    tendered=2000,
    change=920,
)


def read(*lines, encoding="utf-8", newline="\r\n"):
    return list(read_slips(newline.join(lines).encode(encoding)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_sale_is_read_from_every_encoding(encoding, newline):
    assert read(HEADER, SALE, encoding=encoding, newline=newline) == [SOLD]


def test_a_red_slip_names_its_original_and_reason():
    [row] = read(HEADER, RED)

    assert row.content == SlipContent(
        number="000124",
        kind=SlipKind.REVERSAL,
        business_date=date(2026, 4, 1),
        issued_at=datetime(2026, 4, 1, 12, 40, tzinfo=JAPAN),
        register_number=1,
        staff_code="0102",
        taxes=(TaxPart(TaxCategory.STANDARD_10, -1100, -100),),
        payments=(PaymentPart("VISA", -1100),),
        original=OriginalSlip("0001", 1, date(2026, 4, 1), "000123"),
        reason=ReversalReason.RETURN,
        guests=-2,
    )


def test_blank_lines_are_skipped_and_lines_keep_their_number():
    assert [row.line for row in read(HEADER, "", SALE, ",,,,,,,,,,,,,,,,", SALE)] == [3, 5]


def test_full_width_digits_and_thousands_are_read_as_numbers():
    [row] = read(f"{REQUIRED},10%対象額,支払:CASH", '１,売上,2026-04-01,2026-04-01 9:05,１,0102,"1,100",１１００')

    assert (row.content.number, row.content.register_number, row.content.total) == ("1", 1, 1100)


def test_what_is_no_sale_takes_its_kind_from_its_own_column():
    [row] = read(f"{REQUIRED},売上外額,売上外種別,支払:CASH", "1,売上,2026-04-01,2026-04-01 9:05,1,0102,5000,予約金,5000")

    assert row.content.taxes == (TaxPart(TaxCategory.NON_SALES_DEPOSIT, 5000, 0),)


def test_every_wrong_column_of_the_header_is_named():
    [row] = read("伝票番号,種別,営業日,日時,担当者コード,支払:CASH,支払:CASH,支払:,備考", SALE)

    assert row.problems == (
        Problem(ProblemCode.MISSING_COLUMN, "POS番号"),
        Problem(ProblemCode.UNKNOWN_COLUMN, "支払:"),
        Problem(ProblemCode.UNKNOWN_COLUMN, "備考"),
        Problem(ProblemCode.REPEATED_COLUMN, "支払:CASH"),
    )


def test_every_wrong_cell_of_a_line_is_named_and_the_next_line_is_read():
    bad, good = read(HEADER, ",青,2026-02-30,25:00,壱,0102,0001,気分,1.5,,,,,,,,", SALE)

    assert good.content == SOLD.content
    assert bad.problems == (
        Problem(ProblemCode.REQUIRED, "伝票番号"),
        Problem(ProblemCode.UNKNOWN_KIND, "種別", "青"),
        Problem(ProblemCode.NOT_A_DATE, "営業日", "2026-02-30"),
        Problem(ProblemCode.NOT_A_TIME, "日時", "25:00"),
        Problem(ProblemCode.NOT_A_NUMBER, "POS番号", "壱"),
        Problem(ProblemCode.NOT_AN_ORIGINAL, "元伝票", "0001"),
        Problem(ProblemCode.UNKNOWN_REASON, "理由", "気分"),
        Problem(ProblemCode.NOT_A_NUMBER, "10%対象額", "1.5"),
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem(ProblemCode.EMPTY_FILE)),
        (b"\r\n \r\n", Problem(ProblemCode.EMPTY_FILE)),
        (b"\xff\xfe\x00\x01", Problem(ProblemCode.NOT_TEXT)),
    ],
)
def test_a_file_that_is_no_slip_file_says_so(content, problem):
    assert list(read_slips(content)) == [BadRow(1, (problem,))]


def test_a_file_cut_in_the_middle_is_noticed():
    cut_in_quotes = read(HEADER, SALE, '"000124,売上')
    cut_between_cells = read(HEADER, SALE, "000124,売上,2026-04-01")

    assert [row.problems for row in cut_in_quotes[1:]] == [(Problem(ProblemCode.NOT_CSV),)]
    assert [row.problems for row in cut_between_cells[1:]] == [(Problem(ProblemCode.WRONG_CELL_COUNT, value="3 / 17"),)]


def test_tender_and_overage_without_a_payment_are_not_dropped():
    [row] = read(f"{REQUIRED},お預り,支払:CASH", "1,売上,2026-04-01,2026-04-01 9:05,1,0102,500,")

    assert row.problems == (Problem(ProblemCode.TENDER_WITHOUT_PAYMENT, "支払"),)


def test_tender_belongs_to_the_cash_and_overage_to_the_voucher():
    row = SlipRow(2, SOLD.content, tendered=2000, change=920, overage=20)

    content = assign_tender(row, {"CASH": PaymentKind.CASH, "VISA": PaymentKind.OTHER_VOUCHER})

    assert content.payments == (PaymentPart("CASH", 1080, tendered=2000, change=920), PaymentPart("VISA", 1100, overage=20))


def test_tender_without_cash_belongs_to_the_first_payment():
    content = assign_tender(SOLD, {"CASH": PaymentKind.QR, "VISA": PaymentKind.CREDIT})

    assert content.payments == (PaymentPart("CASH", 1080, tendered=2000, change=920), PaymentPart("VISA", 1100))


@pytest.mark.parametrize("written", ["2026-04-01", "2026/4/1", "2026.4.1", "2026年4月1日", "２０２６／４／１", "20260401"])
def test_a_day_is_read_however_a_spreadsheet_has_written_it(written):
    [row] = read(f"{REQUIRED},10%対象額,支払:CASH", f"1,売上,{written},2026-04-01 9:05,1,0102,1100,1100")

    assert row.content.business_date == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("written", "amount"), [("-1100", -1100), ("▲1,100", -1100), ("¥-1,100", -1100), ("−1100円", -1100), ("￥1,100", 1100)]
)
def test_money_is_read_however_a_spreadsheet_has_written_it(written, amount):
    [row] = read(f"{REQUIRED},10%対象額,支払:CASH", f'1,売上,2026-04-01,2026-04-01 9:05,1,0102,"{written}",')

    assert row.content.total == amount


def test_a_reading_that_skips_lines_goes_on_where_another_ended():
    content = "\n".join([HEADER, "", SALE, "bad", "", RED, SALE]).encode()
    whole = list(read_slips(content))

    assert [list(read_slips(content, skip=some)) for some in range(5)] == [whole[some:] for some in range(5)]
    assert count_lines(content) == len(whole)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(content):
    problems_of_file(content)

    assert all(isinstance(row, SlipRow | BadRow) for row in read_slips(content))


NASTY = [
    "=1+1",
    "+1",
    "-",
    "@SUM(A1)",
    "\0",
    "１２",
    "2026-13-01",
    "2026/4/1 25:00",
    "9" * 13,
    "¥",
    '"',
    "\r",
    "\n",
    "\t",
    "例1",
    "－1",
    "x" * 20_001,
]


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([*NASTY, *SALE.split(","), *RED.split(",")]) | st.text(max_size=8), max_size=18), max_size=5))
def test_whatever_stands_in_the_cells_is_a_slip_or_is_said_in_a_sentence(lines):
    content = "\n".join([HEADER, *(",".join(line) for line in lines)]).encode("utf-8", "ignore")

    rows = list(read_slips(content))

    problems = [problem for row in rows for problem in (row.problems if isinstance(row, BadRow) else judged(row))]
    assert all(sentence(problem) for problem in problems)
    assert [row.line for row in rows] == sorted({row.line for row in rows})


def judged(row):
    return broken_rules(assign_tender(row, KINDS), KINDS)
