"""The loop that tells people: in the worker, and in the web process while no worker is seen."""

import logging
import threading
from datetime import datetime

from django.db import Error, connection
from django.utils import timezone

from stores.mailing import clear_old_mails, is_set_up, send_due_mails
from stores.notice_mails import write_mails, write_summaries
from stores.notices import keep_notices

LOOKS_EVERY = 5.0  # seconds

logger = logging.getLogger(__name__)


def tell(*, at: datetime) -> None:
    """Look for causes, write the mails that they call for, and send what is due. Any number of processes may do so at once."""
    keep_notices(at=at)
    if is_set_up():
        write_mails(at=at)
        write_summaries(at=at)
        send_due_mails()
        clear_old_mails()


def tell_if_possible() -> None:
    """`tell`, now, in a thread that must live on when the database is away."""
    try:
        tell(at=timezone.now())
    except Error as failure:
        logger.error("Nobody was told: %s", type(failure).__name__)
    finally:
        connection.close()


class Telling:
    """Tells every few seconds, in a thread of its own, as long as the `with` block runs. A mail in hand is not waited for."""

    def __init__(self):
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._go_on, name="telling", daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exception):
        self.is_over.set()

    def _go_on(self):
        while not self.is_over.wait(LOOKS_EVERY):
            tell_if_possible()
