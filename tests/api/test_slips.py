import json

import pytest

from closing.models import BusinessDay, KeptSlip, MonthLock, PaymentMethod, Slip
from tests.api.register import DAY, red_slip, slip

pytestmark = pytest.mark.usefixtures("books_add_up")


def test_slips_are_booked_once_however_often_they_are_sent(till):
    sent = [slip("1"), slip("2", 2200, "VISA")]

    answers = [till.statuses(*sent), till.statuses(*sent), till.statuses(*reversed(sent), slip("3"))]

    assert answers == [["created"] * 2, ["unchanged"] * 2, ["unchanged", "unchanged", "created"]]
    assert list(Slip.objects.order_by("number").values_list("number", "total")) == [("1", 1100), ("2", 2200), ("3", 1100)]


def test_a_slip_is_booked_as_it_was_sent(till, register, clerk):
    payments = [{"method": "GIFT", "amount": 1000, "overage": 500}, {"method": "CASH", "amount": 100, "tendered": 500, "change": 400}]
    till.send(slip("1", payments=payments, discount=50, points=10, guests=2))

    booked = Slip.objects.get()
    assert (booked.register, booked.staff, booked.discount, booked.points, booked.guests) == (register, clerk, 50, 10, 2)
    assert list(booked.payments.order_by("pk").values_list("method__code", "amount", "tendered", "change", "overage")) == [
        ("GIFT", 1000, 0, 0, 500),
        ("CASH", 100, 500, 400, 0),
    ]


def test_one_bad_slip_never_fails_the_others(till):
    bad = [slip("2", 1100, "PAYQ"), slip("3", taxes="たくさん"), "伝票", None, {"number": 5}, slip("6", amount=1.5)]

    results = till.send(slip("1"), *bad, slip("7"))

    assert [result["status"] for result in results] == ["created", *["invalid"] * 6, "created"]
    assert all(result["errors"] for result in results[1:7])
    assert (Slip.objects.count(), KeptSlip.objects.waiting().count()) == (2, 6)


def test_an_error_says_in_japanese_what_is_wrong_and_where(till):
    (result,) = till.send(slip("1", payments=[{"method": "CASH", "amount": "1100"}]))

    assert result == {
        "number": "1",
        "status": "invalid",
        "errors": [{"code": "NOT_A_NUMBER", "field": "payments.0.amount", "detail": "「payments.0.amount」は整数で入力してください: 1100"}],
    }


def test_japanese_is_written_as_it_is_read(till):
    answer = till.post("/slips", {"slips": [slip("1", guests="二人")]})

    assert "二人" in answer.content.decode()


def test_other_content_under_the_same_number_is_a_conflict_and_kept(till):
    till.send(slip("1"))

    assert till.statuses(slip("1", 2200)) == ["conflict"]
    kept = KeptSlip.objects.get()
    assert (kept.cause, kept.source, kept.content["number"]) == ("CONFLICT", "REGISTER", "1")


def test_a_slip_for_a_locked_month_is_kept(till, company):
    MonthLock.objects.create(company=company, month="2026-03-01")

    assert till.statuses(slip("1", business_date="2026-03-31")) == ["kept"]
    assert (Slip.objects.count(), KeptSlip.objects.get().cause) == (0, "LOCKED")


def test_what_is_refused_again_is_kept_once(till):
    assert [till.statuses(slip("1", method="PAYQ"), slip("1", method="PAYQ")) for _ in range(2)] == [["invalid"] * 2] * 2
    assert KeptSlip.objects.count() == 1


def test_two_registers_keep_the_same_bad_slip_each_for_itself(till, second_till):
    till.send({"number": "1"})
    second_till.send({"number": "1"})

    assert sorted(kept["POS番号"] for kept in KeptSlip.objects.values_list("received", flat=True)) == [1, 2]


def test_a_kept_slip_is_booked_when_it_is_sent_again_and_nothing_stands_in_its_way(till, company):
    till.send(slip("1", method="PAYQ"))
    PaymentMethod.objects.create(company=company, code="PAYQ", name="PAYQ", kind="QR")

    assert till.statuses(slip("1", method="PAYQ")) == ["created"]
    assert (Slip.objects.get().total, KeptSlip.objects.get().state) == (1100, "AGAIN")
    assert till.statuses(slip("1", method="PAYQ")) == ["unchanged"]


def test_what_a_person_booked_under_another_number_is_not_booked_as_it_came(till, client, manager):
    till.send(slip("1"), slip("1", 2200))
    client.force_login(manager)
    client.post(f"/slips/kept/{KeptSlip.objects.get().pk}/book/", {"business_date": DAY, "number": "1-2"})

    assert till.statuses(slip("1", 2200)) == ["unchanged"]
    assert list(Slip.objects.order_by("number").values_list("number", "total")) == [("1", 1100), ("1-2", 2200)]


def test_what_a_person_decided_not_to_book_stays_out_of_the_books(till, client, manager, company):
    MonthLock.objects.create(company=company, month="2026-04-01")
    till.send(slip("1"))
    client.force_login(manager)
    client.post(f"/slips/kept/{KeptSlip.objects.get().pk}/discard/", {"reason": "練習"})
    MonthLock.objects.update(is_locked=False)

    assert till.statuses(slip("1")) == ["kept"]
    assert not Slip.objects.exists()


def test_a_red_slip_may_arrive_before_its_original(till):
    assert till.statuses(red_slip("2", "1"), slip("1")) == ["created", "created"]
    assert Slip.objects.get(number="2").original == Slip.objects.get(number="1")


def test_no_more_is_taken_back_than_was_sold(till):
    assert till.statuses(slip("1"), red_slip("2", "1", 550), red_slip("3", "1", 550), red_slip("4", "1", 550)) == [
        "created",
        "created",
        "created",
        "invalid",
    ]


def test_a_slip_for_a_closed_day_makes_it_changed_after_its_close(till):
    till.open()
    till.send(slip("1"))
    till.close(actual_cash=31_100)

    assert till.statuses(slip("2")) == ["created"]
    assert BusinessDay.objects.get().changed_after_close


@pytest.mark.parametrize("text", ["\0", "あ" * 300, "\u202e", "𠮷" * 9])
def test_whatever_a_field_holds_the_item_is_kept_as_it_came(till, text):
    assert till.statuses(slip("1", staff_code=text), slip(text)) == ["invalid", "invalid"]
    assert KeptSlip.objects.count() == 2


@pytest.mark.parametrize("number", ["1" + "0" * 40, "1" + "0" * 4000, "-10000000000", "1e300", "1e999", "1.0", "true"], ids=len)
def test_a_number_that_is_no_amount_is_refused_in_its_slip(till, number):
    body = json.dumps({"slips": [slip("1", guests=0)]}).replace('"guests": 0', f'"guests": {number}')

    (result,) = till.post("/slips", body).json()["results"]

    assert (result["status"], KeptSlip.objects.count()) == ("invalid", 1)


@pytest.mark.parametrize("moment", ["2026-04-01T12:34:56", "0001-01-01T00:00:00+09:00", 1775000000, "昨日", None])
def test_a_moment_without_its_offset_or_out_of_range_is_refused(till, moment):
    assert till.statuses(slip("1", issued_at=moment)) == ["invalid"]


@pytest.mark.parametrize("day", ["2026-04-01T00:00:00", "20260401", 1775000000, "2026-02-30", "2026-04-02", "2019-09-30"])
def test_a_date_that_is_none_or_not_yet_is_refused(till, day):
    assert till.statuses(slip("1", business_date=day)) == ["invalid"]


def test_a_field_that_nobody_knows_is_refused_rather_than_left_out(till):
    (result,) = till.send(slip("1", dicount=100))

    assert result["errors"] == [{"code": "UNKNOWN_FIELD", "field": "dicount", "detail": "項目「dicount」は使えません。"}]
