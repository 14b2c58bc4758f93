"""入出金 in a real browser, with nothing but the keyboard."""

import pytest

from closing.models import CashMovement

pytestmark = pytest.mark.django_db(transaction=True)


def test_cash_put_in_is_entered_with_the_keyboard_alone(page, live_server, at_till, clerk, day, exchange):
    session = at_till(clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/register/2026-04-01/movements/new/?direction=PAID_IN")

    for key in ("ArrowDown", "Tab", "3", "0", "0", "0", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("を登録しました。").wait_for()

    assert CashMovement.objects.values_list("direction", "reason__name", "amount").get() == ("PAID_IN", "両替", 3000)
