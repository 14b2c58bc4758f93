"""伝票入力 in a real browser, with nothing but the keyboard: what the script shows is what the books will say."""

import pytest

from closing.models import RoundingChoice, Slip
from closing.tax import Rounding
from tests.closing.conftest import DAY, EVENING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(page, live_server, at_till, clerk, day):
    """The page on which a clerk enters a slip."""
    session = at_till(clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/slips/new/")
    return page


def press(page, *keys):
    """Keys are pressed, anything else is typed."""
    for key in keys:
        page.keyboard.press(key) if key in ("Tab", "Enter", "=") else page.keyboard.type(key)


def value_of(page, name):
    return page.locator(f"[name={name}]").input_value()


def confirm(page):
    """Enter, and once more for the question; then the slip is in the books."""
    press(page, "Enter")
    page.get_by_role("dialog").wait_for()
    press(page, "Enter")
    page.get_by_text("を登録しました。").wait_for()
    slip = Slip.objects.latest("pk")
    taxes = list(slip.taxes.order_by("pk").values_list("amount", "tax"))
    return taxes, list(slip.payments.values_list("method__code", "amount", "tendered", "change"))


def test_a_cash_sale_over_two_rates_needs_only_amounts_and_what_the_customer_gave(entry):
    press(entry, "1100", "Tab", "Tab", "５４０", "Tab", "Tab", "Tab", "Tab", "Tab", "2000")
    shown = [value_of(entry, name) for name in ("paid_CASH", "change")]

    booked = confirm(entry)

    assert shown == ["1640", "360"]
    assert booked == ([(1100, 100), (540, 40)], [("CASH", 1640, 2000, 360)])


def test_equals_puts_what_is_left_into_a_method_and_the_next_slip_is_entered_at_once(entry):
    press(entry, "2,200", "Tab", "199")
    entry.get_by_label("VISA").focus()
    press(entry, "=")
    entry.get_by_role("button", name="確定して次を入力").focus()

    booked = confirm(entry)

    assert booked == ([(2200, 199)], [("VISA", 2200, 0, 0)])
    assert entry.evaluate("document.activeElement.name") == "amount_STANDARD_10"


def test_a_change_that_somebody_typed_stays_as_typed(entry):
    press(entry, "1000")
    entry.get_by_label("お釣り").fill("100")
    entry.get_by_label("お預り").fill("1200")

    assert [value_of(entry, name) for name in ("paid_CASH", "tendered", "change")] == ["1000", "1200", "100"]


@pytest.mark.parametrize(("rounding", "tax"), [(Rounding.ROUND_DOWN, 90), (Rounding.HALF_UP, 91), (Rounding.ROUND_UP, 91)])
def test_the_tax_is_shown_as_the_company_rounds_it_and_booked_so(entry, company, clerk, rounding, tax):
    RoundingChoice.objects.create(company=company, applies_from=DAY, rounding=rounding, changed_by=clerk, changed_at=EVENING)
    entry.reload()
    press(entry, "1000")
    shown = entry.locator("[name=tax_STANDARD_10]").get_attribute("placeholder")
    entry.get_by_label("現金").focus()
    press(entry, "=")

    booked = confirm(entry)

    assert (shown, booked[0]) == (str(tax), [(1000, tax)])


def test_on_a_phone_a_button_fills_in_what_is_left_and_nothing_sticks_out(entry):
    entry.set_viewport_size({"width": 360, "height": 740})
    entry.get_by_label("10%対象").fill("800")
    entry.get_by_label("VISA").fill("300")
    entry.get_by_label("現金").focus()
    entry.get_by_role("button", name="残りを入れる").click()

    assert (value_of(entry, "paid_CASH"), entry.locator("[data-rest]").inner_text()) == ("500", "¥0")
    assert entry.evaluate("document.documentElement.scrollWidth <= innerWidth")
