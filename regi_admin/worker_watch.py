"""Noticing from the web process that no worker is there: then nobody else would notice anything, and no mail would leave."""

import threading
import time
from collections.abc import Callable

from django.db import Error, connection

from stores.telling import tell_if_possible
from yayoi_link.models import WorkerSighting

LOOKS_EVERY = 15.0  # seconds


class WorkerWatch:
    """Wraps the WSGI application. Now and then a request makes it look, in a thread that the request does not wait for."""

    def __init__(self, application: Callable):
        self.application = application
        self.looks_again_at = 0.0
        self.looking = threading.Lock()

    def __call__(self, environ, start_response):
        if time.monotonic() >= self.looks_again_at and self.looking.acquire(blocking=False):
            self.looks_again_at = time.monotonic() + LOOKS_EVERY
            threading.Thread(target=self._look, name="worker-watch", daemon=True).start()
        return self.application(environ, start_response)

    def _look(self):
        try:
            if not any_worker_alive():
                tell_if_possible()
        finally:
            self.looking.release()


def any_worker_alive():
    """A database that does not answer says nothing about the worker."""
    try:
        return WorkerSighting.any_alive()
    except Error:
        return True
    finally:
        connection.close()
