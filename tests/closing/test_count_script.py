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
    page.goto(f"{live_server.url}/register/2026-04-01/close/#count")
    return page


def go_on(page):
    page.get_by_role("button", name="次へ：弥生に送る内容").click()


def has_focus(place):
    return place.evaluate("place => place === document.activeElement")


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
    go_on(drawer)
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
    go_on(drawer)
    drawer.get_by_text("まだ閉局していません").wait_for()

    assert has_focus(drawer.get_by_label("差異の理由"))
    assert drawer.get_by_label("実際のレジ内現金").input_value() == "1000"


def test_enter_moves_through_the_fields_to_the_button_and_sends_nothing(drawer):
    drawer.get_by_label("金種別入力").check()
    drawer.get_by_role("textbox", name="¥10,000", exact=True).focus()

    for number in "3", "0", "0", "1", "0", "1", "0", "0", "0", "0":
        drawer.keyboard.type(number)
        drawer.keyboard.press("Enter")
    drawer.keyboard.press("Enter")

    assert shown(drawer) == ["¥31,100", "差異なし", "¥1,100"]
    assert has_focus(drawer.get_by_role("button", name="次へ：弥生に送る内容"))
    assert drawer.url.endswith("#count")


def test_the_reason_is_asked_for_when_it_is_needed(drawer):
    reason = drawer.get_by_label("差異の理由")
    before = reason.is_visible()

    drawer.get_by_label("実際のレジ内現金").fill("30000")

    assert (before, reason.is_visible()) == (False, True)


def test_hints_come_while_typing_and_what_was_typed_survives_the_page(drawer):
    drawer.get_by_label("実際のレジ内現金").fill("30000")
    drawer.get_by_text("伝票 1（現金 ¥1,100）と同じ金額です。").wait_for()

    drawer.reload()

    assert drawer.get_by_label("実際のレジ内現金").input_value() == "30000"
    assert drawer.get_by_text("伝票 1（現金 ¥1,100）と同じ金額です。").is_visible()


def test_back_and_reload_stay_at_the_step(drawer):
    drawer.get_by_label("実際のレジ内現金").fill("31,100")
    go_on(drawer)
    confirm = drawer.get_by_role("button", name="確定")
    confirm.wait_for()
    drawer.reload()
    confirm.wait_for()

    drawer.go_back()

    drawer.get_by_label("実際のレジ内現金").wait_for()
    assert (drawer.get_by_label("実際のレジ内現金").input_value(), confirm.is_visible()) == ("31,100", False)
