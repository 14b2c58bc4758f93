"""What the page of a held posting says once it is known what became of the one before it."""

import pytest

from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY
from yayoi_link import rulings
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.recording import record

MAY_DOUBLE, SAFE = "前回分が弥生にある可能性があります", "前の送信は弥生に届いていません"


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


def held_after(shop, delivery):
    """The next revision of the day, with one more slip."""
    shop.sell(delivery.day.store, DAY, "late")
    return shop.close_again(delivery)


def come_back(delivery, answer, shop):
    """Close the day again while the delivery is past its gate, and let its answer come only then. Returns what is held."""
    claimed = claim(delivery.pk)
    pass_gate(claimed)
    held = held_after(shop, delivery)
    record(claimed, answer)
    return held


def not_found(delivery, shop):
    unknown = fates.ten_minutes_later(fates.meet(delivery, fates.CUT))
    held = held_after(shop, unknown)
    rulings.settle(fates.reread(unknown), was_there=False, reason="見た", by=shop.by)
    return held


def text_of(browser, held, part=""):
    return browser.get(f"/deliveries/{held.pk}/{part}").content.decode()


def said_of(browser, held):
    page = text_of(browser, held)
    return [sentence for sentence in (MAY_DOUBLE, SAFE) if sentence in page], f"/deliveries/{held.pk}/difference/" in page


@pytest.mark.parametrize("answer", [fates.NO_NAME, fates.REFUSED], ids=["not sent", "refused"])
def test_after_the_older_one_came_back_unsent_everything_can_be_sent(managers, shop, delivery, answer):
    held = come_back(delivery, answer, shop)

    assert said_of(managers, held) == ([SAFE], False)
    assert "重複と入力" not in text_of(managers, held, "release/")


def test_after_somebody_has_not_found_the_older_one_everything_can_be_sent(managers, shop, delivery):
    assert said_of(managers, not_found(delivery, shop)) == ([SAFE], False)


@pytest.mark.parametrize("answer", [fates.CUT, fates.NOT_FOUND, fates.LOGIN_PAGE], ids=["unknown", "no", "unverified"])
def test_while_the_older_one_may_have_arrived_the_page_says_so(managers, shop, delivery, answer):
    assert said_of(managers, come_back(delivery, answer, shop)) == ([MAY_DOUBLE], True)


def test_what_was_waived_may_have_been_typed_in_at_yayoi(managers, shop, delivery):
    rulings.waive(fates.reread(delivery), reason="手入力した", by=shop.by)

    assert said_of(managers, held_after(shop, delivery)) == ([MAY_DOUBLE], True)


def test_without_rows_at_yayoi_there_is_no_difference_to_confirm(managers, shop, delivery):
    page = text_of(managers, come_back(delivery, fates.NO_NAME, shop), "difference/")

    assert ("差分はありません。" in page, "キャンセル</a>" in page) == (True, False)


def test_a_difference_is_confirmed_by_a_question(managers, shop, delivery):
    held = held_after(shop, fates.deliver_it(delivery))

    assert "上の仕訳だけを弥生に送ります。" in text_of(managers, held, "difference/")
