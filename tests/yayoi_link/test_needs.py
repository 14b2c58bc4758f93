"""What TOP says of deliveries that do not get on without somebody."""

import pytest
from django.utils import timezone

from stores.needs import needs_of
from tests.yayoi_link import fates
from tests.yayoi_link.shop import NEXT_DAY
from yayoi_link.states import State

ONLY_MANAGERS = "対応できるのは企業管理者、店長です。"


def needs(person):
    return [need for need in needs_of(person, at=timezone.now()) if need.name.partition(" ")[0] in State]


def said(person):
    return [(str(need.word), str(need.cause), str(need.step)) for need in needs(person)]


def test_of_one_day_it_says_why_and_what_it_means_for_the_books(unknown, manager):
    cause = "送信の途中で通信が切れました。送信の途中で結果が分からなくなりました。弥生に入っているかもしれません。"

    assert said(manager) == [("結果不明", cause, "弥生で確認")]


def test_an_answered_no_is_not_told_as_if_nothing_had_been_sent(delivery, manager):
    fates.meet(delivery, fates.NOT_FOUND)

    ((_, cause, _),) = said(manager)

    assert cause.startswith("接続先リンクが無効です（弥生側に見つかりません）［応答 404］。弥生側が「受け付けない」と応答しました。")


def test_alike_days_are_one_need_that_leads_to_their_list(shop, unknown, manager):
    fates.meet(shop.close(unknown.day.store, NEXT_DAY), fates.CUT)

    (need,) = needs(manager)

    assert (need.days, need.page) == (2, f"/deliveries/?period=all&store={unknown.day.store_id}&state=unknown")
    assert str(need.cause) == "送信の途中で結果が分からなくなりました。弥生に入っているかもしれません。"


@pytest.mark.parametrize(
    ("name", "step", "who"),
    [("manager", "弥生で確認", ""), ("clerk", "内容を見る", ONLY_MANAGERS), ("accountant", "内容を見る", ONLY_MANAGERS)],
)
def test_who_cannot_rule_is_led_to_look_and_told_who_can(request, unknown, name, step, who):
    assert [(str(need.step), need.who) for need in needs(request.getfixturevalue(name))] == [(step, who)]


def test_a_clerk_sends_again_what_certainly_is_not_there(delivery, clerk):
    fates.meet(delivery, fates.BLOCKED)

    assert [(str(need.step), need.who) for need in needs(clerk)] == [("原因を直して再連携", "")]


def test_what_is_held_because_the_link_is_off_stands_behind_what_is_uncertain(shop, unknown, kichijoji, manager):
    kichijoji.registers.create(number=1)
    shop.close(kichijoji)

    assert [need.name for need in needs(manager)] == ["unknown", "held link_missing"]


def test_nothing_is_said_of_other_companies_deliveries(unknown, rival_admin):
    assert said(rival_admin) == []
