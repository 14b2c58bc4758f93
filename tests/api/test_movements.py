import uuid

import pytest

from closing.models import CashMovement, KeptSlip, MonthLock
from tests.api.register import movement

pytestmark = pytest.mark.usefixtures("books_add_up")


def statuses(till, *movements):
    return [result["status"] for result in till.move(*movements)]


def test_a_movement_is_booked_once_however_often_it_is_sent(till, register, clerk):
    sent = movement()

    assert [statuses(till, sent), statuses(till, sent, sent)] == [["created"], ["unchanged"] * 2]
    booked = CashMovement.objects.get()
    assert (booked.uuid, booked.register, booked.staff, booked.amount, booked.payee) == (
        uuid.UUID(sent["id"]),
        register,
        clerk,
        880,
        "道玄坂文具店",
    )


def test_two_movements_that_are_alike_are_two(till):
    assert statuses(till, movement(), movement()) == ["created", "created"]


def test_other_content_under_the_same_id_is_a_conflict_and_kept(till):
    sent = movement()
    till.move(sent)

    assert statuses(till, sent | {"amount": 990}) == ["conflict"]
    assert list(KeptSlip.objects.values_list("cause", "kind")) == [("CONFLICT", "MOVEMENT")]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": "9999"}, "UNKNOWN_CASH_REASON"),
        ({"reason": "0001"}, "UNKNOWN_CASH_REASON"),
        ({"staff_code": "7777"}, "UNKNOWN_STAFF"),
        ({"amount": 0}, "NOT_A_NUMBER"),
        ({"amount": "880"}, "NOT_A_NUMBER"),
        ({"reduced_amount": 881}, "REDUCED_MORE_THAN_WHOLE"),
        ({"registration_no": "T1234567890123"}, "NOT_A_REGISTRATION_NUMBER"),
        ({"receipt_date": "2020-04-01"}, "IMPOSSIBLE_RECEIPT_DATE"),
        ({"business_date": "2026-04-02", "receipt_date": None}, "FUTURE_DATE"),
        ({"direction": "SHORT_EXPLAINED"}, "WRONG_FORM"),
        ({"id": "1"}, "WRONG_FORM"),
    ],
)
def test_a_movement_that_cannot_be_booked_is_kept_and_says_why(till, wrong, code):
    (result, other) = till.move(movement(**wrong), movement())

    assert (result["status"], [error["code"] for error in result["errors"]], other["status"]) == ("invalid", [code], "created")
    assert KeptSlip.objects.get().is_waiting


def test_a_movement_for_a_locked_month_is_kept(till, company):
    MonthLock.objects.create(company=company, month="2026-03-01")

    assert statuses(till, movement(business_date="2026-03-31")) == ["kept"]


def test_a_kept_movement_is_booked_when_it_is_sent_again_and_nothing_stands_in_its_way(till, company):
    MonthLock.objects.create(company=company, month="2026-03-01")
    sent = movement(business_date="2026-03-31")
    till.move(sent)
    MonthLock.objects.update(is_locked=False)

    assert statuses(till, sent) == ["created"]
    assert (CashMovement.objects.count(), KeptSlip.objects.get().state) == (1, "AGAIN")


def test_an_expense_whose_receipt_nobody_looked_at_is_to_be_checked(till):
    till.move(movement(receipt_date=None), movement(receipt_date=None, registration_no="T7000012050002"), movement())

    assert list(CashMovement.objects.order_by("pk").values_list("is_registration_unclear", flat=True)) == [True, False, False]


def test_the_id_of_another_companys_movement_tells_nothing_about_it(till, rival_till):
    sent = movement()
    till.move(sent)

    (result,) = rival_till.move(sent | {"amount": 990})

    assert (result["status"], "道玄坂" in str(result), "880" in str(result)) == ("conflict", False, False)


def test_a_kept_movement_is_shown_in_words_to_whoever_enters_it_by_hand(till, client, manager):
    till.move(movement(reason="9999"))
    client.force_login(manager)

    page = client.get(f"/slips/kept/{KeptSlip.objects.get().pk}/").content.decode()

    assert [word for word in ("出金", "支払先", "道玄坂文具店", "領収書日付", "入出金理由を確かめてください") if word not in page] == []
    assert "登録しない理由" in page
