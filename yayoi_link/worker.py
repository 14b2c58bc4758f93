"""The worker: picks what is due, delivers it on a pool of threads, and rules on what a dead worker left behind.

The rows are the truth: whatever this process forgets when it dies is in them. The loop itself never waits for a receiver.
"""

import logging
import os
import socket
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.db import Error, connection

from yayoi_link.backlog import Backlog, Due, with_reserve
from yayoi_link.claiming import Claimed, claim_all
from yayoi_link.delivery import deliver_claimed
from yayoi_link.group_commit import one_writer, write_together
from yayoi_link.job_runner import JobRunner
from yayoi_link.links import hold_what_waits_for_links_that_are_off
from yayoi_link.models import WorkerSighting
from yayoi_link.reaper import ForgottenTries, reap, reap_everything
from yayoi_link.restoring import sending_stopped_reason
from yayoi_link.states import State

# For one host; there are some more, so that one host that hangs does not keep all others waiting.
THREADS = 64
ROUND_SECONDS = 0.25
# Between two rounds at least: when many tries end at once, looking after each of them would take more time than the tries.
PAUSE_SECONDS = 0.03
REAPS_EVERY = 1.0
SEEN_EVERY = 5.0
SWEEPS_EVERY = 5.0
RESTS_AFTER_ERROR = 30.0

logger = logging.getLogger(__name__)


class Rhythm:
    """Tells when something that repeats is due again."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.due_at = 0.0

    def is_due(self) -> bool:
        now = time.monotonic()
        if now < self.due_at:
            return False
        self.due_at = now + self.seconds
        return True


class Worker:
    """Delivers until it is told to stop; then finishes the tries in hand.

    `is_alone`: no other worker can be at work on this database, so whatever is in flight at the start was left by a dead one.
    """

    def __init__(self, *, threads: int = THREADS, is_alone: bool = False):
        self.threads = threads
        self.is_alone = is_alone
        self.is_stopping = False
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:80]
        self.pool = ThreadPoolExecutor(with_reserve(threads), thread_name_prefix="delivery")
        self.in_hand: dict[Future, Due] = {}
        self.jobs = JobRunner(is_stopping=lambda: self.is_stopping)
        self.backlog = Backlog(threads)
        self.forgotten = ForgottenTries()
        self.reaping, self.being_seen, self.checking_whole_journal = Rhythm(REAPS_EVERY), Rhythm(SEEN_EVERY), Rhythm(SEEN_EVERY)
        self.sweeping = Rhythm(SWEEPS_EVERY)
        # Until the whole journal has been read once, and again after it was found missing or ahead.
        self.stopped_by = "not checked yet"
        self.is_database_away = False

    def stop(self) -> None:
        """Claim nothing more; `run` returns when the tries in hand have ended. May be called by a signal handler: it takes no lock."""
        self.is_stopping = True

    def run(self, *, once: bool = False) -> None:
        """Work until `stop`; with `once`, until nothing is due and nothing in hand."""
        logger.info("Worker %s started with %s threads", self.name, self.threads)
        with one_writer(), self.pool:
            while not self.is_stopping:
                self._work_one_round()
                if once and self._has_nothing_to_do:
                    break
                self._wait_for_next_round()
            logger.info("Worker %s stops; tries in hand: %s", self.name, len(self.in_hand))
        self.jobs.end()
        connection.close()

    @property
    def _has_nothing_to_do(self) -> bool:
        """Tell whether nothing is in hand, and the last look found nothing; what was found before may have gone to other workers."""
        return not self.in_hand and self.jobs.is_idle and bool(self.stopped_by or self.backlog.is_exhausted)

    def _work_one_round(self) -> None:
        try:
            self._look_after_the_dead()
            self._start_what_is_due()
            if not self.stopped_by:
                self.jobs.look()
        except Error as failure:
            connection.close()
            # Whoever restores a backup throws everybody out first.
            self.stopped_by = "not checked yet"
            self._note_database(is_away=True, cause=type(failure).__name__)
        else:
            self._note_database(is_away=False)

    def _wait_for_next_round(self) -> None:
        if not self.in_hand:
            is_more_found = self.backlog.found and not self.stopped_by
            time.sleep(PAUSE_SECONDS if is_more_found else ROUND_SECONDS)
            return
        time.sleep(PAUSE_SECONDS)
        ended, _going_on = wait(self.in_hand, timeout=ROUND_SECONDS - PAUSE_SECONDS, return_when=FIRST_COMPLETED)
        for future in ended:
            due = self.in_hand.pop(future)
            came_of = future.result()
            if came_of != State.DELIVERED:
                self.backlog.forget(due.link_hash)
            if came_of is None:
                self.backlog.rest(due.delivery_id, seconds=RESTS_AFTER_ERROR)

    def _look_after_the_dead(self) -> None:
        if self.is_alone:
            reap_everything()
            self.is_alone = False
        if self.being_seen.is_due():
            write_together(_touch, self.name)
        if self.reaping.is_due():
            reap()
        if self.sweeping.is_due():
            self.forgotten.rule()
            hold_what_waits_for_links_that_are_off()

    def _start_what_is_due(self) -> None:
        chosen = self.backlog.choose(self.in_hand.values())
        if not (chosen or self.stopped_by) or not self._may_send():
            return
        claims = claim_all([due.delivery_id for due in chosen])
        claimed_ids = {claimed.delivery.pk: claimed for claimed in claims}
        for due in chosen:
            if claimed := claimed_ids.get(due.delivery_id):
                self.in_hand[self.pool.submit(_deliver_in_thread, claimed)] = due
            else:
                self.backlog.lose(due)

    def _may_send(self) -> bool:
        """Ask the journal before anything is claimed: all of it at first and after trouble, then its newest lines."""
        if not self.stopped_by:
            reason = sending_stopped_reason()
        elif self.checking_whole_journal.is_due():
            reason = sending_stopped_reason(thoroughly=True)
        else:
            return False
        if reason and reason != self.stopped_by:
            logger.error("Nothing is sent: %s", reason.value)
        self.stopped_by = reason
        return not reason

    def _note_database(self, *, is_away: bool, cause: str = "") -> None:
        if is_away and not self.is_database_away:
            logger.error("The database does not answer: %s", cause)
        if self.is_database_away and not is_away:
            logger.info("The database answers again")
        self.is_database_away = is_away


def _touch(names: Sequence[str]) -> list[None]:
    return [WorkerSighting.touch(name) for name in names]


def _deliver_in_thread(claimed: Claimed) -> State | None:
    """Deliver, and return the state that came of it, None where that is not on record.

    An error that nobody foresaw ends this try only, and the reaper rules on what it left.
    """
    try:
        return deliver_claimed(claimed)
    except Exception as failure:  # the text of whatever it is may name the link: only its kind and its place are logged
        place = traceback.extract_tb(failure.__traceback__)[-1]
        logger.error("Delivery %s: unexpected %s at %s:%s", claimed.delivery.pk, type(failure).__name__, place.name, place.lineno)
        return None
    finally:
        connection.close()
