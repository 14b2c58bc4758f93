"""Counting the drawer in a real browser: what the script shows is what the server will say."""

import pytest

from closing.models import ClosingRegister
from closing.trading_day import set_opening_float
from tests.closing.conftest import book, sale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drawer(page, live_server, at_till, clerk, shibuya, register, day, by):
    """The count of a register that should hold 31,100 yen, 30,000 of them its float."""
    set_opening_float(day, register, amount=30_000, by=by)
    book(shibuya, sale("1"), by=by)
    session = at_till(clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/register/2026-04-01/close/")
    return page


def shown(page):
    return [page.locator(f"[data-{part}]").inner_text() for part in ("actual", "difference", "pickup")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("31100", ["¥31,100", "差異なし", "¥1,100"]),
        ("３１，０１０円", ["¥31,010", "不足 ¥90", "¥1,010"]),
        ("31,500", ["¥31,500", "過剰 ¥400", "¥1,500"]),
        ("20000", ["¥20,000", "不足 ¥11,100", "¥0"]),
    ],
)
def test_the_difference_is_told_in_words_while_typing(drawer, typed, told):
    drawer.get_by_label("実際のレジ内現金").fill(typed)

    assert shown(drawer) == told


def test_the_pieces_are_added_up_and_booked_as_shown(drawer):
    drawer.get_by_label("金種別入力").check()
    for denomination, pieces in (("¥10,000", "3"), ("¥1,000", "1"), ("¥10", "9")):
        drawer.get_by_role("textbox", name=denomination, exact=True).fill(pieces)
    told = shown(drawer)
    drawer.get_by_role("button", name="確定").click()
    drawer.get_by_role("button", name="OK").click()
    drawer.get_by_text("閉局しました").wait_for()

    closed = ClosingRegister.objects.values_list("actual_cash", "cash_difference", "carry_over", "counts").get()
    assert told == ["¥31,090", "不足 ¥10", "¥1,090"]
    assert closed == (31_090, -10, 30_000, {"10000": 3, "1000": 1, "10": 9})


def test_the_carry_over_stays_as_typed(drawer):
    drawer.get_by_label("翌日釣銭準備金").fill("25000")

    drawer.get_by_label("実際のレジ内現金").fill("31100")

    assert drawer.get_by_label("翌日釣銭準備金").input_value() == "25000"
    assert shown(drawer)[2] == "¥6,100"


def test_after_a_mistake_the_cursor_stands_where_it_is_mended(drawer):
    drawer.get_by_label("実際のレジ内現金").fill("1000")
    drawer.get_by_role("button", name="確定").click()
    drawer.get_by_role("button", name="OK").click()
    drawer.get_by_text("まだ閉局していません").wait_for()

    assert drawer.get_by_label("差異の理由").evaluate("field => field === document.activeElement")
    assert drawer.get_by_label("実際のレジ内現金").input_value() == "1000"
