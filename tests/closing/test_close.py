import pytest

from closing.models import BusinessDay, Closing, ClosingRegister, RegisterDay
from closing.trading_day import RegisterCount, close_day, set_opening_float
from tests.cast import sign_in
from tests.closing.conftest import book, sale

pytestmark = pytest.mark.usefixtures("evening")

CLOSE = "/register/2026-04-01/close/"
RESULT = "/register/2026-04-01/result/"


def counted(entries=0, number=1, **typed):
    """What the form of one register sends."""
    return {"entries": entries} | {f"register{number}-{name}": value for name, value in ({"counting": "TOTAL"} | typed).items()}


def errors_of(response, position=0):
    return dict(response.context["forms"][position].errors.items())


def text_of(response):
    return response.content.decode()


@pytest.fixture
def traded(day, shibuya, register, by):
    """Two slips, and 30,000 yen that lay in the drawer: 31,100 yen are expected."""
    set_opening_float(day, register, amount=30_000, by=by)
    book(shibuya, sale("1"), sale("2", 2200, "VISA"), by=by)
    day.refresh_from_db()
    return day


def test_a_day_is_closed_by_a_total(at_till, clerk, traded):
    response = at_till(clerk).post(CLOSE, counted(3, actual_cash="31,010", carry_over="30000"))

    closing = Closing.objects.get()
    assert response.headers["Location"] == RESULT
    assert (closing.closed_by, closing.actual_cash, closing.cash_difference) == (clerk, 31_010, -90)
    assert (closing.figures.carry_over, closing.figures.pickup) == (30_000, 1_010)


def test_a_day_is_closed_by_denominations(at_till, clerk, traded):
    pieces = {"pieces10000": "3", "pieces1000": "1", "pieces100": "１"}

    at_till(clerk).post(CLOSE, counted(3, counting="PIECES", carry_over="30000", **pieces))

    assert ClosingRegister.objects.values_list("actual_cash", "counts").get() == (31_100, {"10000": 3, "1000": 1, "100": 1})


def test_the_result_tells_what_stays_and_what_goes_to_the_safe(at_till, clerk, traded):
    response = at_till(clerk).post(CLOSE, counted(3, actual_cash="31010", carry_over="30000"), follow=True)

    page = text_of(response)
    assert all(word in page for word in ["閉局しました", "不足 ¥90", "¥30,000", "¥1,010"])


def test_the_screen_follows_the_order_of_the_report(at_till, clerk, traded):
    page = text_of(at_till(clerk).get(CLOSE))

    words = [
        "店舗",
        "営業日",
        "担当者",
        "件数",
        "総売上",
        "値引",
        "純売上",
        "売上外",
        "支払方法別",
        "取消・訂正",
        "入出金",
        "想定レジ金額",
        "数え方",
    ]
    places = [page.index(f">{word}") for word in words]
    assert places == sorted(places)


def test_a_count_that_is_missing_is_asked_for_at_its_field(at_till, clerk, traded):
    response = at_till(clerk).post(CLOSE, counted(3, carry_over="30000"))

    assert errors_of(response) == {"actual_cash": ["実際のレジ内現金を入力してください。"]}
    assert BusinessDay.objects.open().count() == 1


def test_a_mistake_loses_nothing_of_the_count(at_till, clerk, traded):
    response = at_till(clerk).post(CLOSE, counted(3, counting="PIECES", pieces10000="3", pieces5="x", carry_over="999", reason="雨"))

    form = response.context["forms"][0]
    assert list(form.errors) == ["pieces5"]
    assert [form[name].value() for name in ("pieces10000", "pieces5", "carry_over", "reason")] == ["3", "x", "999", "雨"]


@pytest.mark.parametrize(("actual", "needs_reason"), [("31600", False), ("31601", True), ("30600", False), ("30599", True)])
def test_over_the_tolerance_a_reason_is_required(at_till, clerk, traded, actual, needs_reason):
    response = at_till(clerk).post(CLOSE, counted(3, actual_cash=actual, carry_over="30000"))

    assert (response.status_code == 200) is needs_reason
    assert Closing.objects.exists() is not needs_reason


def test_with_a_reason_any_difference_closes(at_till, clerk, traded):
    at_till(clerk).post(CLOSE, counted(3, actual_cash="20000", carry_over="1000", reason="釣銭を渡しすぎた"))

    assert ClosingRegister.objects.values_list("cash_difference", "reason").get() == (-11_100, "釣銭を渡しすぎた")


def test_no_more_is_carried_over_than_is_there(at_till, clerk, traded):
    response = at_till(clerk).post(CLOSE, counted(3, actual_cash="31000", carry_over="31001"))

    assert list(errors_of(response)) == ["carry_over"]


@pytest.mark.parametrize("left_as_proposed", ["30000", ""])
def test_the_proposed_carry_over_is_capped_by_what_is_there(at_till, clerk, traded, left_as_proposed):
    at_till(clerk).post(CLOSE, counted(3, actual_cash="20000", carry_over=left_as_proposed, reason="雨"))

    assert RegisterDay.objects.get().carry_over == 20_000


def test_a_register_without_business_is_proposed_as_unused(at_till, clerk, traded, second_register, shibuya):
    RegisterDay.objects.create(day=traded, register=second_register, opening_float=20_000, proposed_float=20_000)

    at_till(clerk).post(CLOSE, counted(3, actual_cash="31100") | counted(3, number=2, counting="UNUSED"))

    assert list(RegisterDay.objects.values_list("state", "actual_cash", "carry_over")) == [
        ("COUNTED", 31_100, 30_000),
        ("UNUSED", 20_000, 20_000),
    ]


def test_a_register_with_business_cannot_be_unused(at_till, clerk, traded):
    response = at_till(clerk).post(CLOSE, counted(3, counting="UNUSED"))

    assert list(errors_of(response)) == ["counting"]


def test_a_slip_that_comes_in_while_counting_is_shown_first(at_till, clerk, traded, shibuya, by):
    book(shibuya, sale("3"), by=by)

    response = at_till(clerk).post(CLOSE, counted(3, actual_cash="31100", carry_over="30000"))

    assert "入力中に伝票または入出金が登録されました" in text_of(response)
    assert response.context["day"].entries == 4
    assert response.context["forms"][0]["actual_cash"].value() == "31100"


def test_fault_38_the_second_of_two_browsers_hears_who_closed_and_with_what(at_till, manager, traded, by):
    close_day(traded, counts=[RegisterCount(1, 31_100, 30_000)], by=by)

    response = at_till(manager).post(CLOSE, counted(3, actual_cash="31000", carry_over="30000"), follow=True)

    assert "宮下 歩さんが2026年4月1日(水) 22:10に閉局しました。登録された実際のレジ内現金は¥31,100です。" in text_of(response)
    assert Closing.objects.count() == 1


def test_fault_37_a_closed_day_shows_its_result_instead(at_till, clerk, traded, by):
    close_day(traded, counts=[RegisterCount(1, 31_100, 30_000)], by=by)

    assert at_till(clerk).get(CLOSE).headers["Location"] == RESULT


def test_an_open_day_has_no_result(at_till, clerk, traded):
    assert at_till(clerk).get(RESULT).status_code == 404


def test_an_accountant_may_not_close_and_is_told_who_may(at_till, accountant, traded):
    response = at_till(accountant).get(CLOSE)

    assert response.status_code == 403
    assert "この操作ができるのは企業管理者、店長、スタッフです。" in text_of(response)


def test_the_close_is_made_at_the_till_only(client, clerk, traded):
    sign_in(client, clerk).post(CLOSE, counted(3, actual_cash="31100"))

    assert Closing.objects.count() == 0
