import pytest

from closing.models import BusinessDay, Closing, MonthLock, RegisterDay
from closing.register_settlement import RegisterCount
from closing.trading_day import close_day
from stores.audit import Origin
from tests.api.register import DAY, movement, slip
from tests.closing.conftest import EVENING

pytestmark = pytest.mark.usefixtures("books_add_up")
PIECES = {"10000": 3, "1000": 1, "50": 1, "10": 1}  # 31,060 yen


@pytest.fixture
def traded(till):
    """30,000 yen put in, 2,000 sold for cash, 880 paid out: 31,120 yen ought to be there."""
    till.open()
    till.send(slip("1", 2000), slip("2", 5500, "VISA"))
    till.move(movement())
    return till


def detail(answer):
    return answer.json()["detail"]


def test_a_register_opens_its_part_of_the_day(till, register, clerk):
    answers = [till.open(), till.open()]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"state": "open", "opening_float": 30_000})] * 2
    assert RegisterDay.objects.get(register=register).opening_float == 30_000
    assert BusinessDay.objects.get().opened_by == clerk


@pytest.mark.parametrize(
    ("day", "changes", "status"),
    [
        ("2026-04-02", {}, 422),
        ("2019-09-30", {}, 422),
        ("20260401", {}, 422),
        (DAY, {"staff_code": "7777"}, 422),
        (DAY, {"opening_float": -1}, 422),
        (DAY, {"opening_float": "30000"}, 422),
    ],
)
def test_an_opening_that_cannot_be_is_refused(till, day, changes, status):
    answer = till.open(day, **changes)

    assert (answer.status_code, answer["Content-Type"], BusinessDay.objects.count()) == (status, "application/problem+json", 0)


def test_no_day_of_a_locked_month_is_opened(till, company):
    MonthLock.objects.create(company=company, month="2026-03-01")

    answer = till.open("2026-03-31")

    assert (answer.status_code, detail(answer)) == (409, "2026/03は月次締め済みのため、変更できません。")


def test_the_count_of_the_only_register_closes_the_day(traded):
    answer = traded.close(actual_cash=31_060, counts=PIECES)

    assert (answer.status_code, answer.json()) == (200, {"state": "closed", "revision": 1, "cash_difference": -60, "delivery": "held"})
    closing = Closing.objects.get()
    assert (closing.sales_total, closing.expected_cash, closing.actual_cash) == (7_500, 31_120, 31_060)


def test_a_close_that_is_sent_again_has_the_same_answer(traded):
    answers = [traded.close(actual_cash=31_060, counts=PIECES).json() for _ in range(3)]

    assert (answers[1:], Closing.objects.count()) == (answers[:1] * 2, 1)


def test_a_close_with_other_figures_is_refused_saying_who_counted_and_when(traded):
    traded.close(actual_cash=31_120)

    answer = traded.close(actual_cash=31_000)

    assert (answer.status_code, detail(answer)) == (
        409,
        "このレジは2026/04/01 22:10に宮下 歩さんが精算済みで、金額が異なります（登録済み: 31,120円）。やり直すときは管理画面で行ってください。",
    )


def test_the_last_registers_count_closes_the_day(traded, second_till):
    second_till.open()

    answers = [traded.close(actual_cash=31_120).json(), second_till.close().json(), traded.close(actual_cash=31_120).json()]

    closed = {"state": "closed", "revision": 1, "cash_difference": 0, "delivery": "held"}
    assert answers == [{"state": "counted", "revision": 0, "cash_difference": 0, "delivery": None}, closed, closed]


def test_a_register_that_sold_after_its_count_counts_again(traded, second_till):
    second_till.open()
    traded.close(actual_cash=31_120)
    traded.send(slip("3", 1000))

    waiting = second_till.close().json()
    closed = traded.close(actual_cash=32_120).json()

    assert (waiting["state"], closed["state"], Closing.objects.get().actual_cash) == ("counted", "closed", 62_120)


def test_a_difference_over_the_tolerance_needs_a_reason(traded):
    refused = traded.close(actual_cash=30_000)
    told = traded.close(actual_cash=30_000, reason="数え間違い")

    assert (refused.status_code, detail(refused)) == (
        422,
        "現金差異が-1,120円で、許容額を超えています。理由（reason）を付けて送ってください。",
    )
    assert (told.status_code, told.json()["cash_difference"]) == (200, -1_120)


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": {"10000": 3}},
        {"counts": {"3000": 1}},
        {"counts": {"10000": -3}},
        {"carry_over": 31_121},
        {"staff_code": "7777"},
        {"actual_cash": 31_120.5},
        {"actual_cash": None},
        {"extra": {"reason": "x" * 201}},
    ],
)
def test_a_count_that_contradicts_itself_is_refused(traded, wrong):
    wrong = wrong.get("extra", wrong)

    answer = traded.close(**{"actual_cash": 31_120} | wrong)

    assert (answer.status_code, Closing.objects.count()) == (422, 0)


def test_a_day_that_was_never_opened_cannot_be_closed(till):
    answer = till.close()

    assert (answer.status_code, detail(answer)) == (404, "この営業日は開局していません。")


def test_a_count_that_comes_after_a_provisional_close_is_kept_for_the_next(traded, manager):
    close_day(BusinessDay.objects.get(), counts=None, by=Origin(manager, EVENING))

    answer = traded.close(actual_cash=31_060)

    assert answer.json() == {"state": "closed", "revision": 1, "cash_difference": -60, "delivery": "held"}
    assert BusinessDay.objects.get().changed_after_close


def test_what_a_person_counted_is_not_overwritten(traded, manager):
    close_day(BusinessDay.objects.get(), counts=[RegisterCount(1, 31_100, 30_000)], by=Origin(manager, EVENING))

    answer = traded.close(actual_cash=31_120)

    assert (answer.status_code, "渋谷 花子" in detail(answer)) == (409, True)


def test_a_counted_register_gets_no_other_float(traded):
    traded.close(actual_cash=31_120)

    assert [traded.open().status_code, traded.open(opening_float=20_000).status_code] == [200, 409]


def test_the_day_tells_its_figures_and_its_delivery(traded):
    traded.close(actual_cash=31_060)

    assert traded.get(f"/days/{DAY}").json() == {
        "date": DAY,
        "state": "closed",
        "revision": 1,
        "changed_after_close": False,
        "slip_count": 2,
        "gross_sales": 7_500,
        "sales_tax": 681,
        "categories": [{"category": "STANDARD_10", "amount": 7_500, "tax": 681}],
        "methods": [{"method": "CASH", "count": 1, "amount": 2_000}, {"method": "VISA", "count": 1, "amount": 5_500}],
        "paid_in": 0,
        "paid_out": 880,
        "registers": [
            {
                "number": 1,
                "state": "counted",
                "opening_float": 30_000,
                "expected_cash": 31_120,
                "actual_cash": 31_060,
                "cash_difference": -60,
                "carry_over": 30_000,
            }
        ],
        "delivery": "held",
    }


def test_another_store_has_no_such_day(traded, rival_till):
    assert rival_till.get(f"/days/{DAY}").status_code == 404
