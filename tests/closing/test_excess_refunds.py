"""取消の超過: red slips that came before an original which is smaller than what they take back."""

import pytest

from closing.categories import SlipKind
from closing.excess_refunds import NothingInExcess, accept_excess
from closing.models import AcceptedExcess, Slip
from closing.proving import flaws_of_red_slips
from closing.slip_content import OriginalSlip
from stores.models import AuditEntry
from stores.needs import needs_of
from tests.cast import sign_in
from tests.closing.cases import taking_back
from tests.closing.conftest import DAY, EVENING, book, sale

pytestmark = pytest.mark.usefixtures("evening")


def red(number, amount, of="1", **changes):
    return taking_back(number, (DAY, of), amount=-amount, **changes)


def flaws(day):
    return [flaw.what for flaw in flaws_of_red_slips(type(day).objects.all())]


@pytest.fixture
def too_far(day, shibuya, by):
    """Two red slips of 700 yen each that came before their original of 1,100."""
    book(shibuya, red("2", 700), red("3", 700), by=by)
    book(shibuya, sale("1"), by=by)
    return Slip.objects.get(number="1")


@pytest.mark.parametrize(("amounts", "excess"), [([1100], 0), ([1500], 400), ([700, 700], 300), ([700, 400], 0)])
def test_an_original_that_comes_later_is_marked_with_what_was_taken_too_much(day, shibuya, by, amounts, excess):
    book(shibuya, *(red(f"R{number}", amount) for number, amount in enumerate(amounts)), by=by)

    assert book(shibuya, sale("1"), by=by) == ["created"]
    assert Slip.objects.get(number="1").excess == excess
    assert len(flaws(day)) == (excess > 0)


def test_an_original_in_the_same_batch_is_marked_too(day, shibuya, by):
    assert book(shibuya, red("2", 1500), sale("1"), by=by) == ["created", "created"]

    assert Slip.objects.get(number="1").excess == 400


def test_a_black_slip_that_sells_the_surplus_again_settles_it(day, shibuya, by, too_far):
    black = sale("4", 300, kind=SlipKind.CORRECTION, original=OriginalSlip("0001", 1, DAY, "3"))

    assert book(shibuya, black, by=by) == ["created"]
    too_far.refresh_from_db()
    assert (too_far.excess, flaws(day)) == (0, [])


def test_a_red_slip_taken_back_too_far_marks_the_red_slip(day, shibuya, by):
    book(shibuya, red("3", 500, of="2"), red("2", 1000), by=by)

    assert Slip.objects.get(number="2").excess == 1500


def excess_needs(person):
    return [need for need in needs_of(person, at=EVENING) if need.name == "excess"]


def test_who_can_put_it_right_is_asked_on_top_and_led_to_the_slips(client, manager, too_far):
    (need,) = excess_needs(manager)

    listed = sign_in(client, manager).get(need.page).context["page"].slips

    assert (need.amount, sorted(slip.number for slip in listed)) == ("3件", ["1", "2", "3"])
    assert all(slip.is_in_excess for slip in listed)


def test_the_day_and_each_of_the_slips_say_so(client, clerk, too_far):
    sign_in(client, clerk)

    assert "（取消の超過）" in client.get(f"/days/0001/{DAY}/").content.decode()
    for slip in Slip.objects.all():
        assert "¥300 超えています" in client.get(f"/slips/{slip.pk}/").content.decode()


def test_a_manager_lets_it_stand_once_and_with_a_reason(client, manager, day, too_far):
    sign_in(client, manager)
    page = f"/slips/{Slip.objects.get(number='2').pk}/excess/"

    for reason in ("", "お客様に返金済み", "もう一度"):
        client.post(page, {"excess": 300, "reason": reason})

    accepted = AcceptedExcess.objects.get()
    assert (accepted.slip, accepted.excess, accepted.reason, accepted.by) == (too_far, 300, "お客様に返金済み", manager)
    assert AuditEntry.objects.filter(action="EXCESS_ACCEPTED").count() == 1
    assert (excess_needs(manager), flaws(day)) == ([], [])


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("accountant", 403), ("rival_admin", 404)])
def test_nobody_else_lets_it_stand(client, request, too_far, name, status):
    page = f"/slips/{too_far.pk}/excess/"

    assert sign_in(client, request.getfixturevalue(name)).post(page, {"excess": 300, "reason": "x"}).status_code == status


def test_what_was_accepted_of_another_amount_is_asked_about_again(too_far, shibuya, by):
    with pytest.raises(NothingInExcess):
        accept_excess(too_far, excess=299, reason="x", by=by)

    assert list(Slip.objects.in_excess()) == [too_far]


def test_a_mark_that_the_slips_do_not_bear_out_is_a_flaw(day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    Slip.objects.update(excess=5)

    assert flaws(day) == ["伝票1 の取消の超過が一致しません（記録 5円、計算 0円）"]


def test_slips_whose_original_is_not_there_are_marked_and_found(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), red("2", 700, of="9"), by=by)

    page = sign_in(client, clerk).get("/slips/", {"waiting": "on"})

    assert [slip.number for slip in page.context["page"].slips] == ["2"]
    assert "元伝票なし" in page.content.decode()
