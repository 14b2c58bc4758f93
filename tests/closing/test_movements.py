import uuid
from datetime import timedelta

import pytest

from closing.models import CashMovement
from closing.trading_day import ImpossibleReceiptDate, RegisterCount, close_day, record_movement
from tests.closing.conftest import DAY

pytestmark = pytest.mark.usefixtures("evening")

PAID_IN = "/register/2026-04-01/movements/new/?direction=PAID_IN"
PAID_OUT = "/register/2026-04-01/movements/new/?direction=PAID_OUT"


@pytest.fixture
def receipt(register, stationery):
    """What a clerk types from the receipt of an expense."""
    return {
        "uuid": uuid.uuid4(),
        "reason": stationery.pk,
        "amount": "1,080",
        "register": register.pk,
        "memo": "ペンとお茶",
        "payee": "道玄坂文具店",
        "receipt_date": "2026-04-01",
        "registered": "YES",
        "registration_no": "Ｔ6012345678901",
        "reduced_amount": "540",
    }


def errors_of(response):
    return list(response.context["form"].errors)


def test_an_expense_is_recorded_with_its_receipt(at_till, clerk, day, receipt):
    response = at_till(clerk).post(PAID_OUT, receipt, follow=True)

    fields = ("direction", "amount", "reduced_amount", "payee", "memo", "receipt_date", "registration_no", "is_registration_unclear")
    assert CashMovement.objects.values_list(*fields).get() == (
        ("PAID_OUT", 1080, 540, "道玄坂文具店", "ペンとお茶", DAY, "T6012345678901", False)
    )  # fmt: skip
    assert "出金「消耗品」¥1,080を登録しました。" in response.content.decode()


def test_the_button_pressed_twice_books_once(at_till, clerk, day, receipt):
    client = at_till(clerk)
    client.post(PAID_OUT, receipt)

    response = client.post(PAID_OUT, receipt, follow=True)

    assert CashMovement.objects.count() == 1
    assert "登録済みです。二重には登録していません。" in response.content.decode()


@pytest.mark.parametrize("field", ["payee", "memo"])
def test_a_character_that_no_book_holds_is_refused_at_the_field(at_till, clerk, day, receipt, field):
    response = at_till(clerk).post(PAID_OUT, receipt | {field: "お花🌸"})

    assert response.context["form"].errors == {field: ["「🌸」は弥生で使えない文字です。"]}
    assert not CashMovement.objects.exists()


@pytest.mark.parametrize("number", ["", "T1180301018772", "T118030101877", "1234", "T0180301018771"])
def test_a_registration_number_that_cannot_be_one_is_refused_with_a_way_out(at_till, clerk, day, receipt, number):
    response = at_till(clerk).post(PAID_OUT, receipt | {"registration_no": number})

    assert errors_of(response) == ["registration_no"]
    assert "「要確認」" in response.context["form"].errors["registration_no"][0]
    assert response.context["form"]["payee"].value() == "道玄坂文具店"


@pytest.mark.parametrize(("registered", "is_unclear"), [("NO", False), ("UNCLEAR", True)])
def test_an_expense_without_a_registration_number_says_so(at_till, clerk, day, receipt, registered, is_unclear):
    at_till(clerk).post(PAID_OUT, receipt | {"registered": registered, "registration_no": ""})

    assert CashMovement.objects.values_list("registration_no", "is_registration_unclear").get() == ("", is_unclear)


@pytest.mark.parametrize("missing", ["payee", "memo", "receipt_date", "amount", "reason", "register"])
def test_an_expense_without_what_the_law_wants_is_refused_at_the_field(at_till, clerk, day, receipt, missing):
    response = at_till(clerk).post(PAID_OUT, receipt | {missing: ""})

    assert errors_of(response) == [missing]


@pytest.mark.parametrize("dated", ["2023-09-30", "2062-04-01", "2026-04-03", "2026-02-30"])
def test_a_receipt_of_a_year_that_cannot_be_is_asked_about_at_the_field(at_till, clerk, day, receipt, dated):
    response = at_till(clerk).post(PAID_OUT, receipt | {"receipt_date": dated})

    assert errors_of(response) == ["receipt_date"]


def test_a_receipt_that_cannot_be_is_refused_whichever_way_it_comes_in(day, paid_out, by):
    paid_out.receipt_date = DAY + timedelta(days=2)

    with pytest.raises(ImpossibleReceiptDate):
        record_movement(day, paid_out, by=by)

    assert CashMovement.objects.count() == 0


def test_a_form_without_its_key_is_told_to_be_opened_anew(at_till, clerk, day, receipt):
    response = at_till(clerk).post(PAID_OUT, receipt | {"uuid": "nonsense"})

    assert "画面が古くなっています。" in response.content.decode()


def test_a_receipt_may_be_of_after_midnight(at_till, clerk, day, receipt):
    at_till(clerk).post(PAID_OUT, receipt | {"receipt_date": "2026-04-02"})

    assert CashMovement.objects.get().receipt_date == DAY + timedelta(days=1)


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "千円", "100000000"])
def test_an_amount_that_moves_nothing_is_refused(at_till, clerk, day, receipt, amount):
    response = at_till(clerk).post(PAID_OUT, receipt | {"amount": amount, "reduced_amount": ""})

    assert errors_of(response) == ["amount"]


def test_the_part_at_eight_percent_is_not_more_than_the_whole(at_till, clerk, day, receipt):
    assert errors_of(at_till(clerk).post(PAID_OUT, receipt | {"reduced_amount": "1081"})) == ["reduced_amount"]


def test_money_paid_in_needs_no_receipt(at_till, clerk, day, register, exchange):
    at_till(clerk).post(PAID_IN, {"uuid": uuid.uuid4(), "reason": exchange.pk, "amount": "10000", "register": register.pk})

    assert CashMovement.objects.values_list("direction", "amount", "receipt_date").get() == ("PAID_IN", 10_000, None)


def test_a_reason_is_offered_only_in_its_direction(at_till, clerk, day, exchange, stationery):
    client = at_till(clerk)

    paid_in, paid_out = (client.get(address).context["form"].fields["reason"].queryset for address in (PAID_IN, PAID_OUT))

    assert ([reason.name for reason in paid_in], [reason.name for reason in paid_out]) == (["両替"], ["両替", "消耗品"])


def test_the_reasons_of_a_rival_cannot_be_chosen(at_till, clerk, day, register, rival_company):
    theirs = rival_company.cash_reasons.create(code="1", name="図書", for_paid_in=True)

    response = at_till(clerk).post(PAID_IN, {"uuid": uuid.uuid4(), "reason": theirs.pk, "amount": "1", "register": register.pk})

    assert errors_of(response) == ["reason"]


def test_a_closed_day_takes_a_movement_only_after_a_tick(at_till, clerk, day, receipt, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    client = at_till(clerk)

    refused = client.post(PAID_OUT, receipt)
    client.post(PAID_OUT, receipt | {"into_closed_day": "on"})

    assert errors_of(refused) == ["into_closed_day"]
    assert CashMovement.objects.count() == 1


def test_a_direction_that_does_not_exist_is_not_found(at_till, clerk, day):
    assert at_till(clerk).get("/register/2026-04-01/movements/new/?direction=UP").status_code == 404
