"""The worker's other work: jobs, on two threads of their own, so that they never take one from a delivery."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import Error, connection

from stores.jobs import clear_away, run_job
from stores.models import Job
from yayoi_link.write_turn import short_transaction

THREADS = 2
LOOKS_EVERY = 1.0
CLEARS_AWAY_EVERY = 3600.0

logger = logging.getLogger(__name__)


class JobRunner:
    """Takes up what is due when it is told to look. `is_stopping` is asked between two pieces of a job."""

    def __init__(self, is_stopping: Callable[[], bool]):
        self.is_stopping = is_stopping
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="job")
        self.in_hand: dict[int, Future] = {}
        self.is_idle = True
        self.looks_at = self.clears_away_at = 0.0

    def look(self) -> None:
        """Start the jobs that are due, the oldest first. Never waits for one."""
        had_some = bool(self.in_hand)
        self.in_hand = {job_id: future for job_id, future in self.in_hand.items() if not future.done()}
        self._start_due()
        # What a job has just made is for the next round.
        self.is_idle = not had_some and not self.in_hand

    def _start_due(self) -> None:
        now = time.monotonic()
        if now < self.looks_at:
            return
        self.looks_at = now + LOOKS_EVERY
        if now >= self.clears_away_at:
            self.clears_away_at = now + CLEARS_AWAY_EVERY
            clear_away()
        due = Job.objects.due().exclude(pk__in=self.in_hand).order_by("created_at", "pk").values_list("pk", flat=True)
        for job_id in due[: THREADS - len(self.in_hand)]:
            self.in_hand[job_id] = self.pool.submit(self._run, job_id)

    def end(self) -> None:
        """Wait for the pieces in hand."""
        self.pool.shutdown()

    def _run(self, job_id: int) -> None:
        try:
            state = run_job(job_id, turn=short_transaction, is_stopping=self.is_stopping)
            logger.info("Job %s: %s", job_id, state or "left for later")
        except Error as failure:
            logger.error("Job %s: the database does not answer: %s", job_id, type(failure).__name__)
        finally:
            connection.close()
