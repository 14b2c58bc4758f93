import pytest

from closing.models import BusinessDay, Closing, RegisterDay
from closing.register_closing import count_register, mark_rest_unused, recount
from closing.register_settlement import NotCounted, RegisterCount
from closing.signals import Wish
from closing.trading_day import AlreadyClosed, ChangedMeanwhile, close_again, close_day
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

FIRST, SECOND = RegisterCount(1, 1_100, 0), RegisterCount(2, 2_150, 0)


@pytest.fixture
def two_drawers(second_register, day, shibuya, by):
    """1,100 yen of cash at register 1, and 2,200 at register 2."""
    book(shibuya, sale("1"), sale("2", 2200, register_number=2), by=by)
    return day


def states(day):
    return list(RegisterDay.objects.filter(day=day).values_list("state", flat=True))


def test_the_last_registers_count_closes_the_day(two_drawers, by):
    assert count_register(two_drawers, FIRST, by=by) is None

    closing = count_register(two_drawers, SECOND, by=by)

    closing.refresh_from_db()
    assert (closing.revision, closing.actual_cash, closing.cash_difference) == (1, 3_250, -50)
    assert not BusinessDay.objects.get().is_open


def test_a_register_that_moved_since_it_was_seen_is_not_counted(two_drawers, by):
    with pytest.raises(ChangedMeanwhile):
        count_register(two_drawers, FIRST, seen_expected=0, by=by)

    assert states(two_drawers) == ["OPEN", "OPEN"]


def test_a_register_that_sells_after_its_count_is_counted_again(two_drawers, shibuya, by):
    count_register(two_drawers, FIRST, by=by)
    book(shibuya, sale("3"), by=by)

    assert count_register(two_drawers, SECOND, by=by) is None

    closing = count_register(two_drawers, RegisterCount(1, 2_200, 0), by=by)
    assert closing.figures.cash_difference == -50


def test_a_card_sale_after_the_count_asks_for_no_new_count(two_drawers, shibuya, by):
    count_register(two_drawers, FIRST, by=by)
    book(shibuya, sale("3", 900, "VISA"), by=by)

    assert count_register(two_drawers, SECOND, by=by).sales_total == 4_200


def test_a_closed_day_is_not_counted_by_register(two_drawers, by):
    close_day(two_drawers, counts=[FIRST, SECOND], by=by)

    with pytest.raises(AlreadyClosed):
        count_register(two_drawers, FIRST, by=by)


def test_registers_that_nobody_used_are_marked_as_unused(second_register, day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    count_register(day, FIRST, by=by)

    mark_rest_unused(day, by=by)

    assert (states(day), Closing.objects.get().figures.cash_difference) == (["COUNTED", "UNUSED"], 0)


def test_a_register_that_was_used_is_not_marked_as_unused(two_drawers, by):
    count_register(two_drawers, FIRST, by=by)

    with pytest.raises(NotCounted) as refusal:
        mark_rest_unused(two_drawers, by=by)

    assert (refusal.value.registers, states(two_drawers)) == ([2], ["COUNTED", "OPEN"])


def test_a_day_closed_without_a_count_is_provisional_until_it_is_counted(two_drawers, by):
    close_day(two_drawers, counts=None, by=by)
    assert BusinessDay.objects.provisional().exists()

    recount(two_drawers, [FIRST, SECOND], seen_revision=1, by=by)
    assert BusinessDay.objects.get().changed_after_close
    close_again(two_drawers, seen_revision=1, by=by, wish=Wish.SEND)

    revisions = Closing.objects.order_by("revision").values_list("revision", "actual_cash", "cash_difference")
    assert list(revisions) == [(1, None, None), (2, 3_250, -50)]
    assert not BusinessDay.objects.provisional().exists()


def test_a_partly_counted_day_knows_no_total_difference(two_drawers, by):
    count_register(two_drawers, FIRST, by=by)

    close_day(two_drawers, counts=None, by=by)

    closing = Closing.objects.get()
    assert (closing.actual_cash, closing.cash_difference, closing.day.is_provisional) == (None, None, True)


def test_a_recount_against_another_revision_is_refused(two_drawers, by):
    close_day(two_drawers, counts=[FIRST, SECOND], by=by)

    with pytest.raises(ChangedMeanwhile):
        recount(two_drawers, [FIRST], seen_revision=2, by=by)


def count_page(number):
    return f"/register/{DAY}/count/{number}/"


def typed(expected, number=1, **changes):
    return {"expected": expected, f"register{number}-counting": "TOTAL"} | {f"register{number}-{name}": v for name, v in changes.items()}


def test_a_clerk_counts_one_register_and_then_the_other(at_till, clerk, two_drawers):
    till = at_till(clerk)

    first = till.post(count_page(1), typed(1_100, actual_cash="1100", carry_over="0"))
    second = till.post(count_page(2), typed(2_200, number=2, actual_cash="2,150", carry_over="0"))

    assert (first.url, second.url) == (f"/register/{DAY}/", f"/register/{DAY}/result/")


def test_after_the_last_count_the_clerk_is_told_which_register_to_count_again(at_till, clerk, two_drawers, shibuya, by):
    count_register(two_drawers, FIRST, by=by)
    book(shibuya, sale("3"), by=by)

    counted = typed(2_200, number=2, actual_cash="2,200", carry_over="0")
    page = at_till(clerk).post(count_page(2), counted, follow=True).content.decode()

    assert "レジ1は、精算のあとに現金が動きました。" in page
    assert page.count("数え直しが必要") == 1


def test_a_count_against_an_amount_nobody_saw_is_shown_again(at_till, clerk, two_drawers):
    page = at_till(clerk).post(count_page(1), typed(900, actual_cash="1100")).content.decode()

    assert "入力中に伝票または入出金が登録されました" in page
    assert states(two_drawers) == ["OPEN", "OPEN"]


def test_a_clerk_may_not_mark_registers_as_unused(at_till, clerk, two_drawers):
    assert at_till(clerk).post(f"/register/{DAY}/rest-unused/").status_code == 403


def test_a_manager_closes_with_the_rest_unused(at_till, manager, second_register, day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    count_register(day, FIRST, by=by)
    till = at_till(manager)

    assert "残りのレジを本日未使用にして閉局" in till.get(f"/register/{DAY}/").content.decode()
    assert till.post(f"/register/{DAY}/rest-unused/").url == f"/register/{DAY}/result/"


def test_a_manager_counts_a_provisionally_closed_day_again(at_till, manager, day, by):
    close_day(day, counts=None, by=by)
    till = at_till(manager)

    response = till.post(f"/register/{DAY}/recount/", typed("", actual_cash="100", carry_over="0") | {"revision": "1"})

    assert response.url == f"/register/{DAY}/"
    assert RegisterDay.objects.values_list("state", "actual_cash").get() == ("COUNTED", 100)


@pytest.mark.parametrize(("reason", "leads_to"), [("", "/recount/"), ("釣銭の渡し間違い", None)])
def test_a_day_that_came_to_be_off_is_closed_again_with_a_reason_only(at_till, manager, day, shibuya, by, reason, leads_to):
    close_day(day, counts=[RegisterCount(1, 0, 0, reason=reason)], by=by)
    book(shibuya, sale("1"), by=by)

    response = at_till(manager).get(f"/register/{DAY}/close-again/")

    assert response.headers.get("location") == (leads_to and f"/register/{DAY}{leads_to}")


def test_the_reason_is_typed_and_the_count_stands(at_till, manager, day, shibuya, by):
    close_day(day, counts=[RegisterCount(1, 0, 0)], by=by)
    book(shibuya, sale("1"), by=by)
    till = at_till(manager)

    shown = till.get(f"/register/{DAY}/close-again/", follow=True).content.decode()
    till.post(f"/register/{DAY}/recount/", typed("", actual_cash="0", reason="渡し間違い") | {"revision": "1"})

    assert "レジ1の現金差異が許容額を超えました。" in shown
    assert till.get(f"/register/{DAY}/close-again/").status_code == 200
