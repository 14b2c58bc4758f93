"""支払取消, 訂正 and entry of slips, as the pages do it."""

from uuid import uuid4

import pytest

from closing.models import BusinessDay, Slip
from closing.trading_day import RegisterCount, close_day
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

CASH_SALE = {"amount_STANDARD_10": "1,200", "paid_CASH": "1200", "tendered": "2000", "change": "800"}


@pytest.fixture
def original(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    return Slip.objects.get()


@pytest.fixture
def place(register):
    return {"form_key": uuid4(), "register": register.pk, "business_date": "2026-04-01"}


@pytest.fixture
def whole(place):
    return place | {"reason": "MISTAKE", "take_STANDARD_10": "1100", "refund_CASH": "1100"}


@pytest.fixture
def closed(day, by):
    """Return a function that closes the day of the original."""
    return lambda: close_day(day, counts=[RegisterCount(1, 1100, 0)], by=by)


def take_back(client, original, typed):
    return client.post(f"/slips/{original.pk}/reverse/", typed, follow=True)


def totals():
    return sorted(Slip.objects.values_list("total", flat=True))


def test_the_form_proposes_the_whole_slip_with_its_own_tender(client, clerk, original, register):
    form = sign_in(client, clerk).get(f"/slips/{original.pk}/reverse/").context["form"]

    assert (form["take_STANDARD_10"].value(), form["refund_CASH"].value()) == (1100, 1100)
    assert (form["register"].value(), form["business_date"].value().isoformat()) == (register.pk, "2026-04-01")


def test_a_clerk_takes_a_slip_of_the_open_day_back(client, clerk, original, whole):
    response = take_back(sign_in(client, clerk), original, whole)

    assert totals() == [-1100, 1100]
    assert "赤伝票 P000001（-¥1,100）を登録しました。" in response.content.decode()
    assert "支払取消済み" in client.get(f"/slips/{original.pk}/").content.decode()


def test_two_presses_make_one_red_slip(client, clerk, original, whole):
    take_back(sign_in(client, clerk), original, whole | {"take_STANDARD_10": "500", "refund_CASH": "500"})
    take_back(client, original, whole | {"take_STANDARD_10": "500", "refund_CASH": "500"})

    assert totals() == [-500, 1100]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"refund_CASH": "1000"}, "一致しません"),
        ({"take_STANDARD_10": "1101", "refund_CASH": "1101"}, "1100"),
        ({"take_STANDARD_10": "", "refund_CASH": ""}, "取り消す金額を入力してください。"),
        ({"reason": ""}, "選んでください。"),
        ({"business_date": "2026-03-01"}, "まだ開局していません。"),
    ],
)
def test_what_cannot_be_taken_back_is_said_and_not_booked(client, clerk, original, whole, typed, sentence):
    response = take_back(sign_in(client, clerk), original, whole | typed)

    assert sentence in response.content.decode()
    assert totals() == [1100]


def test_a_manager_takes_back_into_a_closed_day_only_after_saying_so(client, manager, original, whole, closed):
    closed()
    asked = take_back(sign_in(client, manager), original, whole)

    assert totals() == [1100]
    assert "よろしければチェックを入れてください。" in asked.content.decode()
    take_back(client, original, whole | {"into_closed_day": "on"})
    assert totals() == [-1100, 1100]
    assert BusinessDay.objects.changed_after_close().count() == 1


def test_a_clerk_takes_nothing_back_into_a_closed_day(client, clerk, original, whole, closed):
    closed()

    response = take_back(sign_in(client, clerk), original, whole | {"into_closed_day": "on"})

    assert "閉局済みの営業日に登録できるのは企業管理者、店長です。" in response.content.decode()
    assert totals() == [1100]


def test_a_slip_taken_back_whole_is_taken_back_once(client, clerk, original, whole):
    take_back(sign_in(client, clerk), original, whole)

    response = take_back(client, original, whole | {"form_key": uuid4()})

    assert "すべて取消済みです。" in response.content.decode()
    assert totals() == [-1100, 1100]


@pytest.mark.parametrize("page", ["/slips/new/", "/slips/{}/reverse/"])
def test_an_accountant_enters_no_slips(client, accountant, original, page):
    assert sign_in(client, accountant).get(page.format(original.pk)).status_code == 403


def test_a_register_of_another_store_is_not_offered(client, clerk, original, whole, rival_store):
    foreign = rival_store.registers.create(number=1)

    response = take_back(sign_in(client, clerk), original, whole | {"register": foreign.pk})

    assert "register" in response.context["form"].errors
    assert totals() == [1100]


def test_at_the_till_a_slip_is_taken_back_too(at_till, clerk, original, whole):
    take_back(at_till(clerk), original, whole)

    assert totals() == [-1100, 1100]


def test_at_the_till_the_slips_of_another_store_do_not_exist(at_till, manager, original, kichijoji):
    client = at_till(manager, store=kichijoji)

    assert client.get(f"/slips/{original.pk}/").status_code == 404


def test_a_correction_is_prefilled_with_the_first_slip(client, clerk, original, whole):
    take_back(sign_in(client, clerk), original, whole)
    red = Slip.objects.get(kind="REVERSAL")

    form = client.get(f"/slips/{red.pk}/correct/").context["form"]

    assert [form[name].value() for name in ("amount_STANDARD_10", "tax_STANDARD_10", "paid_CASH")] == [1100, 100, 1100]


def test_a_correction_is_a_black_slip_and_there_is_only_one(client, clerk, original, whole, place):
    take_back(sign_in(client, clerk), original, whole)
    red = Slip.objects.get(kind="REVERSAL")
    for _ in range(2):
        response = client.post(f"/slips/{red.pk}/correct/", CASH_SALE | place | {"form_key": uuid4()}, follow=True)

    assert "この赤伝票には、黒伝票 P000002 があります。" in response.content.decode()
    assert totals() == [-1100, 1100, 1200]


def test_a_sale_is_not_corrected_before_it_is_taken_back(client, clerk, original):
    assert sign_in(client, clerk).get(f"/slips/{original.pk}/correct/").status_code == 404


def test_a_slip_is_entered_with_the_tax_worked_out(client, clerk, day, place):
    sign_in(client, clerk).post("/slips/new/", CASH_SALE | place)

    slip = Slip.objects.get()
    assert (slip.kind, slip.total, slip.taxes.get().tax) == ("SALE", 1200, 109)
    assert slip.payments.values_list("amount", "tendered", "change").get() == (1200, 2000, 800)


def test_the_next_slip_is_entered_on_the_same_register_and_day(client, clerk, day, shibuya, place):
    other = shibuya.registers.create(number=2)

    response = sign_in(client, clerk).post("/slips/new/", CASH_SALE | place | {"register": other.pk, "next": ""}, follow=True)

    assert response.context["form"].initial.items() >= {"register": other, "business_date": DAY}.items()


@pytest.mark.parametrize("query", ["register=x&business_date=y", "register=999999&business_date=2026-02-30", "register=" + "9" * 30])
def test_a_place_that_there_is_not_is_not_proposed(client, clerk, day, register, query):
    response = sign_in(client, clerk).get(f"/slips/new/?{query}")

    assert response.context["form"].initial.items() >= {"register": register, "business_date": DAY}.items()


def test_change_that_does_not_fit_the_cash_is_asked_about(client, clerk, day, place):
    response = sign_in(client, clerk).post("/slips/new/", CASH_SALE | place | {"change": "700"})

    assert "change" in response.context["form"].errors
    assert totals() == []


def test_change_on_a_voucher_is_typed_as_negative_cash(client, clerk, day, place):
    typed = {"amount_STANDARD_10": "1100", "paid_GIFT": "2000", "paid_CASH": "－900"}

    sign_in(client, clerk).post("/slips/new/", typed | place)

    assert Slip.objects.get().voucher_change == 900


def test_negative_cash_without_a_voucher_is_refused_at_its_field(client, clerk, day, place):
    typed = {"amount_STANDARD_10": "1100", "paid_VISA": "2000", "paid_CASH": "-900"}

    response = sign_in(client, clerk).post("/slips/new/", typed | place)

    assert list(response.context["form"].errors) == ["paid_CASH"]
    assert "金券などのお釣りとしてだけ登録できます。" in response.content.decode()
    assert totals() == []


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_form_without_its_key_is_told_to_be_opened_anew(client, clerk, day, place, key):
    response = sign_in(client, clerk).post("/slips/new/", CASH_SALE | place | {"form_key": key})

    assert "画面が古くなっています。画面を開き直して、もう一度入力してください。" in response.content.decode()
    assert totals() == []


def test_a_rule_that_is_broken_is_said_in_words(client, clerk, day, place):
    typed = {"amount_EXEMPT": "1000", "paid_CASH": "1000", "overage": "100"}

    response = sign_in(client, clerk).post("/slips/new/", typed | place)

    assert "金券での支払がありません" in response.content.decode()


def test_a_slip_over_nothing_is_taken_back_once(client, clerk, day, shibuya, place, by):
    book(shibuya, sale("1", taxes=(), payments=(), points=500, guests=2), by=by)
    nothing = Slip.objects.get()
    typed = place | {"reason": "MISTAKE"}

    sign_in(client, clerk).post(f"/slips/{nothing.pk}/reverse/", typed)
    again = client.post(f"/slips/{nothing.pk}/reverse/", typed | {"form_key": uuid4()}, follow=True)

    red = Slip.objects.get(kind="REVERSAL")
    assert (red.total, red.points, red.guests) == (0, -500, -2)
    assert "すべて取消済みです。" in again.content.decode()
    assert "支払取消済み" in client.get(f"/slips/{nothing.pk}/").content.decode()


def test_a_black_slip_over_another_amount_carries_the_tax_of_that_amount(client, clerk, original, whole):
    take_back(sign_in(client, clerk), original, whole)
    correct = f"/slips/{Slip.objects.get(kind='REVERSAL').pk}/correct/"
    proposed = {name: field.value() or "" for name, field in ((field.name, field) for field in client.get(correct).context["form"])}

    client.post(correct, proposed | {"amount_STANDARD_10": "11000", "paid_CASH": "11000", "tendered": "", "change": ""})

    assert Slip.objects.get(kind="CORRECTION").taxes.values_list("amount", "tax").get() == (11_000, 1_000)


def test_a_form_on_which_nothing_was_typed_books_nothing(client, clerk, day, place):
    response = sign_in(client, clerk).post("/slips/new/", place)

    assert "何も入力されていません。" in response.content.decode()
    assert totals() == []


def test_a_slip_of_nothing_but_its_guests_is_booked(client, clerk, day, place):
    sign_in(client, clerk).post("/slips/new/", place | {"guests": "1"})

    assert totals() == [0]


def test_a_number_of_our_series_that_a_register_has_printed_itself_is_passed_over(client, clerk, day, shibuya, place, by):
    book(shibuya, sale("P000001", 500), sale("P000002", 700), by=by)

    sign_in(client, clerk).post("/slips/new/", place | CASH_SALE)

    assert Slip.objects.get(total=1200).number == "P000003"
