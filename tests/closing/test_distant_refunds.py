"""What was sold at one store comes back at another, whose people do not see the first."""

from uuid import uuid4

import pytest

from closing.categories import TaxCategory
from closing.models import Slip
from closing.slip_content import PaymentPart, TaxPart
from closing.trading_day import open_day
from stores.audit import Origin
from stores.models import Register, Role
from tests.cast import make_person, sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

PAGE = "/slips/elsewhere/"
pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def colleague(company, kichijoji):
    """A clerk of 吉祥寺店, for whom 渋谷店 does not exist."""
    return make_person(company, "0103", Role.CLERK, "小町 実", kichijoji)


@pytest.fixture
def till(kichijoji, colleague):
    open_day(kichijoji, DAY, by=Origin(colleague, EVENING), today=DAY)
    return Register.objects.create(store=kichijoji, number=1)


@pytest.fixture
def sold(day, shibuya, by):
    """1,100 yen at 渋谷店, by card, with a tax that is one yen off our own."""
    content = sale("000017", method="VISA", taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, 99),), payments=(PaymentPart("VISA", 1100),))
    book(shibuya, content, by=by)
    return Slip.objects.get()


@pytest.fixture
def receipt(till):
    """What the colleague types from the customer's receipt."""
    original = {"store_code": "0001", "register_number": "1", "sold_on": "2026-04-01", "number": "000017", "reason": "RETURN"}
    place = {"form_key": uuid4(), "register": till.pk, "business_date": "2026-04-01"}
    return original | place | {"amount_STANDARD_10": "1100", "paid_CASH": "1100"}


def red_slip():
    return Slip.objects.get(kind="REVERSAL")


def test_goods_come_back_where_the_slip_is_not_seen(client, colleague, sold, receipt, till):
    response = sign_in(client, colleague).post(PAGE, receipt, follow=True)

    red = red_slip()
    assert (red.register, red.total, red.original, red.cash_refunds, red.taxes.get().tax) == (till, -1100, sold, 1100, -99)
    assert "赤伝票 P000001（-¥1,100）を登録しました。" in response.content.decode()


def test_nothing_of_the_other_stores_slip_is_shown(client, colleague, sold, receipt):
    client = sign_in(client, colleague)
    client.post(PAGE, receipt)

    pages = [client.get(f"/slips/{pk}/") for pk in (sold.pk, red_slip().pk)]
    correction = client.get(f"/slips/{red_slip().pk}/correct/")

    assert [page.status_code for page in pages] == [404, 200]
    assert f"/slips/{sold.pk}/" not in pages[1].content.decode()
    assert correction.context["form"]["paid_VISA"].value() is None


def test_more_than_the_other_store_sold_is_refused_without_saying_what_it_sold(client, colleague, sold, receipt):
    response = sign_in(client, colleague).post(PAGE, receipt | {"amount_STANDARD_10": "1101", "paid_CASH": "1101"})

    assert response.context["form"].non_field_errors() == ["赤伝票の合計が「元伝票」の金額を超えます: 0001-1-20260401-000017"]
    assert Slip.objects.count() == 1


def test_a_slip_that_has_not_arrived_is_taken_back_as_the_receipt_says_and_found_later(client, colleague, day, shibuya, receipt, by):
    sign_in(client, colleague).post(PAGE, receipt | {"tax_STANDARD_10": "99", "as_unseen": "on"})
    before = (red_slip().original, red_slip().taxes.get().tax)

    book(shibuya, sale("000017"), by=by)

    assert (before, red_slip().original.number) == ((None, -99), "000017")


def test_a_slip_that_has_not_arrived_is_asked_about_before_it_is_taken_back(client, colleague, sold, receipt):
    response = sign_in(client, colleague).post(PAGE, receipt | {"number": "17"})

    assert "この番号の伝票は届いていません。" in response.content.decode()
    assert not Slip.objects.filter(kind="REVERSAL").exists()


def test_two_presses_make_one_red_slip(client, colleague, sold, receipt):
    client = sign_in(client, colleague)

    for _ in range(2):
        client.post(PAGE, receipt)

    assert red_slip().total == -1100


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"store_code": "0009"}, "store_code"),
        ({"store_code": "0000"}, "store_code"),
        ({"register_number": "一"}, "register_number"),
        ({"sold_on": "2026-04-02"}, "sold_on"),
        ({"number": "１７番"}, "number"),
        ({"amount_STANDARD_10": "", "paid_CASH": ""}, "__all__"),
        ({"paid_CASH": "1000"}, "__all__"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_receipt_that_cannot_be_one_is_said_at_its_field(client, colleague, head_office, sold, receipt, typed, field):
    response = sign_in(client, colleague).post(PAGE, receipt | typed)

    assert list(response.context["form"].errors) == [field]
    assert Slip.objects.count() == 1


def test_a_slip_of_a_rival_is_never_found(client, colleague, sold, receipt, rival_store, till):
    rival_store.code = "0077"
    rival_store.save()

    response = sign_in(client, colleague).post(PAGE, receipt | {"store_code": "0077"})

    assert list(response.context["form"].errors) == ["store_code"]


def test_at_the_till_the_red_slip_stands_on_the_tills_own_store(at_till, colleague, sold, receipt, kichijoji, register):
    response = at_till(colleague, store=kichijoji).post(PAGE, receipt | {"register": register.pk})

    assert list(response.context["form"].errors) == ["register"]


def test_an_accountant_refunds_nothing(client, accountant, till):
    assert sign_in(client, accountant).get(PAGE).status_code == 403
