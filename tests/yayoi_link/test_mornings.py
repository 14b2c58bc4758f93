"""朝の確認: what is not right about the days before today, ticked off once seen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from closing.trading_day import RegisterCount, close_day, open_day
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.models import MorningCheck
from yayoi_link.mornings import ConcernKind, TickedOff, morning_rows, tick_off
from yayoi_link.rulings import settle

MORNING = "/mornings/"
TICK = "/mornings/tick/"


def rows(person):
    return morning_rows(person, at=timezone.now())


def waiting(person):
    return [row for row in rows(person) if not row.is_ticked]


def tickets(person):
    return [row.ticket for row in rows(person)]


@pytest.fixture
def bad_night(shop, unknown):
    """渋谷店: one day that may be at Yayoi, changed since; and the day after, which nobody has closed."""
    shop.sell(unknown.day.store, DAY, "2")
    return open_day(unknown.day.store, NEXT_DAY, by=shop.by, today=NEXT_DAY)


def test_each_day_that_is_not_right_is_listed_once_with_all_that_is_wrong(bad_night, manager):
    assert [(row.date, [concern.kind for concern in row.concerns]) for row in rows(manager)] == [
        (NEXT_DAY, [ConcernKind.UNCLOSED]),
        (DAY, [ConcernKind.CHANGED, ConcernKind.UNSENT]),
    ]


def test_a_drawer_beyond_the_tolerance_is_listed_with_its_difference(shop, linked, manager, state_dir):
    opened = open_day(linked, DAY, by=shop.by, today=DAY)
    fates.deliver_it(close_day(opened, counts=[RegisterCount(1, 501, 0, reason="不明")], by=shop.by).deliveries.get())

    (row,) = morning_rows(manager, at=datetime(2026, 4, 2, tzinfo=UTC))
    assert [(concern.kind, concern.amount) for concern in row.concerns] == [(ConcernKind.DIFFERENCE, 501)]


def test_a_day_that_is_right_is_not_listed(delivery, manager):
    fates.deliver_it(delivery)

    assert rows(manager) == []


def test_what_waits_since_this_moment_is_not_late_yet(delivery, manager):
    assert rows(manager) == []


def test_what_is_not_sent_because_somebody_wants_it_so_is_not_listed(shop, linked, manager, state_dir):
    shop.switch_off(linked)
    shop.close(linked)

    assert rows(manager) == []


def test_all_that_is_shown_is_ticked_off_in_one_go(client, manager, bad_night):
    shown = tickets(manager)

    page = sign_in(client, manager).post(TICK, {"shown": shown}, follow=True).content.decode()

    assert (waiting(manager), len(rows(manager))) == ([], 2)
    assert [words in page for words in ("2日分を確認済みにしました。", "原因がなくなるまで")] == [True, True]
    assert AuditEntry.objects.get(action="MORNING_CHECKED").changes == {"営業日": [f"渋谷店 {NEXT_DAY}", f"渋谷店 {DAY}"]}


def test_one_day_is_ticked_off_by_itself(client, manager, bad_night):
    shown = tickets(manager)

    sign_in(client, manager).post(TICK, {"one": shown[1], "shown": shown})

    assert [row.date for row in waiting(manager)] == [NEXT_DAY]
    ((check,),) = [row.checks for row in rows(manager) if row.is_ticked]
    assert (check.by, check.day.date) == (manager, DAY)


def test_pressing_twice_is_one_tick(client, manager, bad_night):
    form = {"shown": tickets(manager)}
    sign_in(client, manager)
    for _ in range(2):
        client.post(TICK, form)

    assert MorningCheck.objects.count() == 2
    assert AuditEntry.objects.filter(action="MORNING_CHECKED").count() == 1


def test_what_gets_worse_after_the_tick_comes_back(shop, manager, bad_night):
    tick_off(tickets(manager), by=shop.by)

    shop.sell(bad_night.store, DAY, "3")

    assert [row.date for row in waiting(manager)] == [DAY]


def test_what_gets_better_after_the_tick_does_not_come_back(shop, manager, unknown, bad_night):
    tick_off(tickets(manager), by=shop.by)

    settle(unknown, was_there=True, reason="確認済み", by=shop.by)

    assert waiting(manager) == []


def test_what_has_changed_since_it_was_shown_is_left(shop, manager, bad_night):
    shown = tickets(manager)
    shop.sell(bad_night.store, DAY, "3")

    assert tick_off(shown, by=shop.by) == TickedOff(ticked=1, changed=1)
    assert [row.date for row in waiting(manager)] == [DAY]


def test_a_tick_is_never_changed(shop, manager, bad_night):
    tick_off(tickets(manager), by=shop.by)

    with pytest.raises(DatabaseError), transaction.atomic():
        MorningCheck.objects.update(marks=[])


@pytest.mark.parametrize(("name", "reads", "ticks"), [("admin", 200, 302), ("clerk", 200, 403), ("accountant", 200, 403)])
def test_those_responsible_tick_off_and_others_only_read(client, request, bad_night, name, reads, ticks):
    sign_in(client, request.getfixturevalue(name))
    page = client.get(MORNING)

    assert (page.status_code, client.post(TICK, {"shown": ["1.x"]}).status_code) == (reads, ticks)
    assert ("すべて確認済みにする" in page.content.decode()) is (ticks == 302)


def test_a_rivals_days_are_neither_seen_nor_ticked_off(client, rival_admin, manager, bad_night):
    shown = tickets(manager)

    page = sign_in(client, rival_admin).post(TICK, {"shown": shown}, follow=True).content.decode()

    assert ("渋谷店" in page, MorningCheck.objects.count()) == (False, 0)


@pytest.mark.parametrize("shown", [[], ["x"], ["1."], ["999999999999999999999.a", "あ.い"]])
def test_what_no_page_has_shown_ticks_nothing_off(client, manager, bad_night, shown):
    assert sign_in(client, manager).post(TICK, {"shown": shown}).status_code == 302

    assert MorningCheck.objects.count() == 0


def test_top_counts_for_who_answers_for_several_stores(client, manager, clerk, bad_night):
    shown = {person.role: "まだ確認していないものが" in sign_in(client, person).get("/").content.decode() for person in (manager, clerk)}

    assert shown == {"STORE_MANAGER": True, "CLERK": False}


def test_a_store_more_costs_no_more_queries(client, manager, shop, bad_night):
    sign_in(client, manager)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MORNING).status_code == 200
        return len(queries)

    for_one = queries()
    for number in range(3):
        store = shop.store(f"https://yayoi.example/link/{number}")
        manager.stores.add(store)
        open_day(store, NEXT_DAY - timedelta(days=number), by=shop.by, today=NEXT_DAY)
    assert queries() == for_one
