"""The error screen says what happened, what of it is in the books, what to do and who can, for everything that can happen."""

import itertools
import re

import pytest
from django.utils import timezone

from stores.handbook import ARTICLES
from stores.models import Role
from tests.cast import make_person, sign_in
from tests.yayoi_link import fates
from yayoi_link.error_screen import HELP, HELP_ON_HOLD, error_screen
from yayoi_link.explanation import explain_alone
from yayoi_link.models import Attempt, Delivery, Outcome
from yayoi_link.rulings import CHECKED_FROM
from yayoi_link.states import AT_REST, NEEDS_A_PERSON, HoldReason, State
from yayoi_link.troubles import BY_ERROR
from yayoi_link.verdicts import REJECTED_STATUSES, Answer, ErrorCode, Phase, Verdict, verdict

STATUSES = sorted({101, 200, 204, 300, 301, 302, 304, 307, 308, 402, 409, 418, 429, 500, 502, 503, 504, 599, 600} | REJECTED_STATUSES)
CODE = re.compile(r"[A-Z]{2,}_|\b[1-6][0-9]{2}\b|None|\{|%\(")


def endings():
    """Every (verdict, error, status) that the table of verdicts can come to."""
    before = (Answer(phase=Phase.CONNECT, error=error) for error in ErrorCode)
    after = (Answer(phase=Phase.AWAIT_STATUS, passed_gate=True, error=error) for error in ErrorCode)
    answered = (Answer(phase=Phase.DONE, passed_gate=True, status=status, body_all_sent=True, body_complete=True) for status in STATUSES)
    ways = itertools.product([*before, *after, *answered], [(False, False), (True, False), (False, True)])
    return sorted({(verdict(answer, acknowledged=yes, refused=no), str(answer.error), answer.status or 0) for answer, (yes, no) in ways})


STATES_AFTER = {
    Verdict.NOT_SENT: (State.RETRY_WAIT, State.EXHAUSTED, State.WAIVED),
    Verdict.BLOCKED: (State.REJECTED, State.WAIVED),
    Verdict.UNKNOWN: (State.UNKNOWN, State.SETTLED),
    Verdict.DELIVERED: (State.DELIVERED,),
    Verdict.UNVERIFIED: (State.UNVERIFIED, State.SETTLED),
    Verdict.REFUSED: (State.RETRY_WAIT, State.EXHAUSTED, State.WAIVED),
    Verdict.MOVED: (State.REJECTED, State.WAIVED),
    Verdict.REJECTED: (State.REJECTED, State.WAIVED),
}
BEFORE_GATE = {Verdict.NOT_SENT, Verdict.BLOCKED, Verdict.REFUSED}


def after_try(delivery, state, ruling, error, status):
    """The delivery as it is after a try that ended so."""
    attempt, answered = Attempt(pk=1, delivery=delivery, started_at=delivery.created_at), {"answer_fields": {}, "answer_length": 20}
    outcome = Outcome(attempt=attempt, verdict=ruling, error=error, status=status or None, **answered)
    attempt._prefetched_objects_cache = {"outcomes": [outcome]}
    delivery._prefetched_objects_cache = {"attempts": [attempt], "decisions": []}
    delivery.state, delivery.hold_reason = state, ""
    delivery.gate_at = None if ruling in BEFORE_GATE else delivery.created_at
    return delivery


def without_try(delivery, state, hold_reason="", **changes):
    delivery._prefetched_objects_cache = {"attempts": [], "decisions": []}
    delivery.state, delivery.hold_reason, delivery.gate_at = state, hold_reason, None
    for name, value in changes.items():
        setattr(delivery, name, value)
    return delivery


def told(delivery, reader, *, at_till=False, is_alone=False):
    return error_screen(delivery, reader, now=timezone.now(), is_alone=is_alone, at_till=at_till)


def check(screen, delivery):
    """Nothing is left out, and no code stands among the words."""
    words = [screen.happened, screen.books.word, screen.books.sentence, *(step.text for step in screen.steps)]
    assert all(str(each) for each in words), words
    assert [str(each) for each in words if CODE.search(str(each))] == []
    assert screen.steps
    assert screen.who is None or screen.who.roles
    if delivery.state in NEEDS_A_PERSON:
        assert screen.reference.startswith(str(delivery.pk))
        assert screen.help in ARTICLES


def test_every_error_code_has_a_kind_of_trouble():
    assert set(BY_ERROR) == set(ErrorCode)


def test_every_ending_of_a_try_is_told_whole_to_everybody(delivery, admin, clerk, accountant):
    ends = [(state, *ending) for ending in endings() for state in STATES_AFTER[ending[0]]]

    for end in ends:
        screens = [told(after_try(delivery, *end), reader, at_till=reader is clerk) for reader in (admin, clerk, accountant)]
        for screen in screens:
            check(screen, delivery)
        assert screens[0].who is None

    assert {state for state, *_ending in ends} | {State.HELD, State.PENDING, State.CLAIMED, State.SENDING, State.SUPERSEDED} == set(State)


@pytest.mark.parametrize("reason", HoldReason)
@pytest.mark.parametrize("is_alone", [True, False])
def test_every_hold_is_told_whole_to_everybody(delivery, admin, clerk, reason, is_alone):
    screens = [told(without_try(delivery, State.HELD, reason), reader, is_alone=is_alone) for reader in (admin, clerk)]

    for screen in screens:
        check(screen, delivery)
    assert [screen.who is None for screen in screens] == [True, False]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    "changes", [{}, {"is_empty": True}, {"is_current": False}, {"mode": Delivery.Mode.DIFFERENCE, "is_empty": True}], ids=str
)
def test_what_never_was_tried_or_came_from_a_backup_is_told_whole(delivery, clerk, state, changes):
    reason = HoldReason.LINK_OFF if state is State.HELD else ""

    check(told(without_try(delivery, state, reason, **changes), clerk), delivery)


def test_every_article_that_a_state_names_exists():
    assert set(HELP.values()) | set(HELP_ON_HOLD.values()) <= set(ARTICLES)


def test_whoever_needs_a_person_hears_that_the_day_is_kept(delivery, clerk):
    kept = {state: told(without_try(delivery, state), clerk).books.is_kept for state in State if state is not State.HELD}

    assert kept == {state: state not in AT_REST for state in kept}


def test_a_clerk_hears_who_can_and_by_name_who_works_at_the_store(unknown, company, kichijoji, clerk, manager):
    make_person(company, "0199", Role.STORE_MANAGER, "吉祥 寺男", kichijoji)

    screen = told(unknown, clerk, at_till=True)

    assert (screen.who.roles, screen.who.names) == ("企業管理者、店長", ("渋谷 花子",))


def test_at_most_three_names_are_shown(unknown, company, shibuya, clerk):
    for number in range(5):
        make_person(company, f"02{number}", Role.STORE_MANAGER, f"店長 {number}", shibuya)

    assert told(unknown, clerk).who.names == ("渋谷 花子", "店長 0", "店長 1")


def test_nobody_of_another_company_is_named(unknown, rival_company, rival_admin, rival_store, clerk):
    assert told(unknown, clerk).who.names == ("渋谷 花子",)


def test_until_ten_minutes_after_the_sending_it_says_from_when_one_can_look(delivery, manager):
    sent = fates.meet(delivery, fates.CUT)

    early, late = (
        error_screen(sent, manager, now=now, is_alone=False, at_till=False) for now in (sent.gate_at, sent.gate_at + CHECKED_FROM)
    )

    assert ["から確かめられます" in early.when, late.when] == [True, ""]


def test_a_wrong_link_leads_who_may_to_the_links(delivery, manager, clerk):
    refused = fates.meet(delivery, fates.NO_NAME)

    leads = [
        explain_alone(refused, reader, now=timezone.now(), at_till=at_till).leads_to_links
        for reader, at_till in ((manager, False), (manager, True), (clerk, False))
    ]

    assert leads == [True, False, False]


def test_the_page_of_an_unknown_result_says_all_four_things(client, manager, unknown):
    page = sign_in(client, manager).get(f"/deliveries/{unknown.pk}/").content.decode()

    for heading in ("帳簿への影響", "いますること", "できる人", "お問い合わせのときにお知らせください"):
        assert heading in page
    assert "「結果不明」とは何ですか" in page
