"""What the exploration takes for granted is what the database does: every guard of the model against the real compare-and-set."""

import itertools

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay
from tests.yayoi_link.exploration.reality import Reality, after, in_hand, visible, world_of
from tests.yayoi_link.exploration.world import Human, Lease, Row, Stage
from tests.yayoi_link.fates import BLOCKED, CUT, LOGIN_PAGE, NO_NAME, NOT_FOUND, REFUSED, acknowledged, reread
from yayoi_link import gate_journal, outbox, rulings
from yayoi_link.actions import action_named
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.gate_journal import GateLine
from yayoi_link.links import hold_what_waits_for_links_that_are_off
from yayoi_link.models import Delivery
from yayoi_link.outbound import GateRefused
from yayoi_link.reaper import reap
from yayoi_link.recording import record
from yayoi_link.states import IN_FLIGHT, State
from yayoi_link.verdicts import Verdict

ANY = (True, False)
LEASES = (Lease.RUNNING, Lease.OVER)


@pytest.fixture
def reality(delivery):
    return Reality.of(delivery)


def rows(**ways):
    """A row of revision 1 for every state and every combination of these."""
    for state, *values in itertools.product(State, *ways.values()):
        yield Row(state, 1, **dict(zip(ways, values, strict=True)))


def leased(row):
    return row._replace(lease=Lease.RUNNING, link_version=1) if row.is_in_flight else row


@pytest.mark.parametrize("is_current", ANY)
@pytest.mark.parametrize("link_is_on", ANY)
def test_a_claim(reality, is_current, link_is_on):
    for row in rows(is_current=[is_current]):
        reality.fence += 1
        reality.put(row, link_is_on=link_is_on)

        claim(reality.delivery.pk)

        (expected,) = after(world_of(row, in_hand(Stage.LOOKED), link_is_on=link_is_on), "worker A claims")
        assert (visible(reality.rows()), reality.fence_rose()) == (expected.rows, not expected.workers[1].holds_fence)


def test_nothing_is_claimed_while_something_is_in_flight_over_the_link(reality, shop, linked):
    other = shop.close(shop.store("https://smart-import.example/link/another"))
    Delivery.objects.filter(pk=other.pk).update(state=State.SENDING, link_hash=linked.yayoi_link.url_hash)

    assert claim(reality.delivery.pk) is None


@pytest.mark.parametrize("holds_fence", ANY)
@pytest.mark.parametrize("is_current", ANY)
@pytest.mark.parametrize("lease", LEASES)
@pytest.mark.parametrize("version", [1, 2])
def test_the_gate_asks_for_each_of_its_guards(reality, holds_fence, is_current, lease, version):
    row = Row(State.CLAIMED, 1, is_current=is_current, lease=lease, link_version=version)

    check_gate(reality, row, holds_fence=holds_fence)


@pytest.mark.parametrize("state", State)
def test_the_gate_is_passed_from_claimed_only(reality, state):
    check_gate(reality, Row(state, 1, lease=Lease.RUNNING, link_version=1))


def check_gate(reality, row, *, holds_fence=True):
    reality.put(row, holds_fence=holds_fence)

    try:
        pass_gate(reality.claimed())
    except GateRefused:
        name = "worker A is refused by the gate"
    else:
        name = "worker A passes the gate"

    (expected,) = after(world_of(row, in_hand(Stage.CLAIMED, holds_fence=holds_fence)), name)
    assert reality.rows() == visible(expected.rows)


@pytest.mark.parametrize("holds_fence", ANY)
@pytest.mark.parametrize("is_current", ANY)
@pytest.mark.parametrize(
    ("stage", "answer", "verdict"),
    [
        (Stage.CLAIMED, NO_NAME, Verdict.NOT_SENT),
        (Stage.CLAIMED, BLOCKED, Verdict.BLOCKED),
        (Stage.SENT_IN_VAIN, CUT, Verdict.UNKNOWN),
        (Stage.SENT_IN_VAIN, LOGIN_PAGE, Verdict.UNVERIFIED),
        (Stage.SENT_IN_VAIN, NOT_FOUND, Verdict.REJECTED),
        (Stage.SENT_IN_VAIN, REFUSED, Verdict.REFUSED),
        (Stage.SENT_AND_KEPT, acknowledged, Verdict.DELIVERED),
    ],
    ids=lambda value: value if isinstance(value, Verdict) else "",
)
def test_a_record(reality, holds_fence, is_current, stage, answer, verdict):
    answer = answer(reality.delivery) if callable(answer) else answer
    for row in map(leased, rows(is_current=[is_current], passed_gate=ANY)):
        reality.put(row, holds_fence=holds_fence)

        record(reality.claimed(), answer)

        (expected,) = after(world_of(row, in_hand(stage, holds_fence=holds_fence)), f"worker A records {verdict}")
        assert reality.rows() == visible(expected.rows)
        assert not reality.fence_rose(holds_fence=holds_fence)


@pytest.mark.parametrize("lease", LEASES)
def test_the_reaper(reality, lease):
    for row in rows(lease=[lease]):
        reality.put(row)

        reap()

        expected = after(world_of(row), "the reaper takes 0") or [world_of(row)]
        assert (reality.rows(), reality.fence_rose()) == (expected[0].rows, False)


def test_the_reaper_of_a_claim_that_the_journal_names(reality):
    row = Row(State.CLAIMED, 1, lease=Lease.OVER)
    reality.put(row)
    gate_journal.append(GateLine(reality.delivery.key.hex, "1000", "1001", "2026-04-01", 1, reality.fence))

    reap()

    (expected,) = after(world_of(row), "the reaper takes 0 in the journal")
    assert (reality.rows(), reality.fence_rose()) == (expected.rows, False)


@pytest.mark.parametrize("is_current", ANY)
@pytest.mark.parametrize("link_is_on", ANY)
def test_what_waits_for_a_link_that_is_off(reality, is_current, link_is_on):
    for row in rows(is_current=[is_current]):
        reality.put(row, link_is_on=link_is_on)

        hold_what_waits_for_links_that_are_off()

        expected = after(world_of(row, link_is_on=link_is_on), "what waits for the link is held") or [world_of(row)]
        assert reality.rows() == expected[0].rows
        assert reality.fence_rose() != expected[0].workers[1].holds_fence


@pytest.mark.parametrize(
    ("human", "act"),
    [
        (Human.SWITCH_OFF, lambda shop, store: shop.switch_off(store)),
        (Human.CHANGE_LINK, lambda shop, store: shop.link(store, "https://smart-import.example/link/another")),
    ],
)
def test_a_change_of_the_link(reality, shop, linked, human, act):
    for row in map(leased, rows()):
        reality.put(row)

        act(shop, linked)

        (expected,) = after(world_of(row), human.value)
        assert reality.rows() == expected.rows
        assert reality.fence_rose() != expected.workers[1].holds_fence


@pytest.mark.parametrize("passed_gate", ANY)
def test_a_newer_revision(reality, passed_gate):
    day = BusinessDay.objects.get(pk=reality.delivery.day_id)
    for row in map(leased, rows(passed_gate=[passed_gate])):
        reality.put(row)

        outbox.supersede_unsent(day)
        may_be_there = outbox.something_may_be_there(day)

        (expected,) = after(world_of(row), Human.CLOSE_AGAIN.value)
        assert (reality.rows(), may_be_there) == (expected.rows, expected.closing.awaits_decision)
        assert reality.fence_rose() != expected.workers[1].holds_fence


def test_a_newer_revision_locks_all_deliveries_of_the_day_before_it_looks_at_them(reality, shop):
    with CaptureQueriesContext(connection) as queries:
        shop.close_again(reality.delivery)

    first = next(query["sql"] for query in queries if "yayoi_link_delivery" in query["sql"])
    assert first.startswith("UPDATE")
    assert first.endswith(f'WHERE "yayoi_link_delivery"."day_id" = {reality.delivery.day_id}')


RULINGS = [
    (Human.RESEND, "resend", lambda delivery, by: rulings.resend(delivery, by=by)),
    (Human.RESEND_AFTER_NO, "resend_after_no", lambda delivery, by: rulings.resend_after_no(delivery, by=by)),
    (Human.RESEND_DOUBLED, "resend_doubled", lambda delivery, by: rulings.resend_doubled(delivery, by=by)),
    (Human.SETTLE_FOUND, "settle", lambda delivery, by: rulings.settle(delivery, was_there=True, reason="あった", by=by)),
    (Human.SETTLE_NOT_FOUND, "settle", lambda delivery, by: rulings.settle(delivery, was_there=False, reason="ない", by=by)),
    (Human.WAIVE, "waive", lambda delivery, by: rulings.waive(delivery, reason="不要", by=by)),
    (Human.RELEASE, "release", lambda delivery, by: rulings.release(delivery, by=by)),
]


@pytest.mark.parametrize("link_is_on", ANY)
@pytest.mark.parametrize(("human", "name", "rule"), RULINGS, ids=[human.name for human, _, _ in RULINGS])
def test_a_ruling(reality, shop, human, name, rule, link_is_on):
    for row in rows(is_current=ANY, passed_gate=ANY, is_fresh=ANY):
        if row.is_fresh and not row.passed_gate:
            continue
        row = leased(row)._replace(copies=int(human is Human.SETTLE_FOUND))
        with transaction.atomic():
            reality.put(row, link_is_on=link_is_on)
            rule_if_offered(reality, name, lambda delivery: rule(delivery, shop.by))
            really = reality.rows()
            transaction.set_rollback(True)

        expected = after(world_of(row, link_is_on=link_is_on), human.value)
        assert really == visible(expected[0].rows if expected else (row,)), row


def rule_if_offered(reality, name, rule):
    delivery = reread(reality.delivery)
    if not action_named(name).is_possible(delivery):
        return
    try:
        rule(delivery)
    except (rulings.StateChanged, rulings.StillHeld, rulings.TooEarly):
        return


def test_whatever_is_in_flight_has_a_lease(reality):
    claim(reality.delivery.pk)

    assert {row.lease for row in reality.rows() if row.state in IN_FLIGHT} == {Lease.RUNNING}
