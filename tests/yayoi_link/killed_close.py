"""A web process that is killed in the middle of a close: python -m tests.yayoi_link.killed_close DAY

Everything of the close is written, and nothing of it committed.
"""

import os
import signal
import sys

import django


def main(pk):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regi_admin.settings")
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from closing.models import BusinessDay
    from closing.trading_day import close_day
    from stores.audit import Origin
    from stores.models import Staff

    day = BusinessDay.objects.select_related("store__company").get(pk=pk)
    by = Origin(Staff.objects.get(), timezone.now())
    with transaction.atomic():
        closing = close_day(day, counts=None, by=by)
        print(closing.deliveries.get().state, flush=True)  # noqa: T201
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
