"""What happens when the database is older than the gate journal: somebody has restored a backup."""

from collections.abc import Iterable
from itertools import batched

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from stores.jobs import end_unfinished
from yayoi_link import gate_journal
from yayoi_link.gate_journal import GateLine, JournalMissing
from yayoi_link.models import Delivery, JournalledDay
from yayoi_link.reaper import rule_on_what_a_restore_left
from yayoi_link.states import RESTORED, RESTORED_BLOCKED

LINES_AT_ONCE = 1000


class SendingStopped(models.TextChoices):
    """Why nothing is sent at all, in the words of the banner."""

    JOURNAL_MISSING = (
        "journal_missing",
        _("送信の記録（gate-journal）が見つからないため、弥生への送信をすべて止めています。運営にご連絡ください。"),
    )
    JOURNAL_AHEAD = (
        "journal_ahead",
        _("データベースがバックアップから戻された可能性があるため、弥生への送信をすべて止めています。運営にご連絡ください。"),
    )


def sending_stopped_reason(*, thoroughly: bool = False) -> SendingStopped | None:
    """Tell why nothing may be sent: the journal is missing, or ahead of the database. None while all is in order.

    Looks at the newest lines, which a restored backup lacks first; `thoroughly` at all of them.
    """
    try:
        # The journal first: each line was written after its fence had been committed.
        lines = gate_journal.lines_since_restore() if thoroughly else gate_journal.newest_lines()
        is_ahead = any(True for _line in lines_ahead(lines))
    except JournalMissing:
        return SendingStopped.JOURNAL_MISSING
    return SendingStopped.JOURNAL_AHEAD if is_ahead else None


def lines_ahead(lines: Iterable[GateLine]) -> Iterable[GateLine]:
    """Yield the lines that name a key that the database lacks, or a higher fence than its row has."""
    for some in batched(lines, LINES_AT_ONCE):
        known = Delivery.objects.filter(key__in=[line.key for line in some]).order_by().values_list("key", "fence")
        fences = {key.hex: fence for key, fence in known}
        yield from (line for line in some if fences.get(line.key, -1) < line.fence)


def after_restore() -> int:
    """Make every unsent-looking delivery `unknown`, lift the fences, and let the worker send again.

    Returns how many deliveries now wait for a person. A missing journal is made anew. The marker is written last: whatever
    fails before it leaves the sending stopped, and this may be called again.
    """
    changed = _look_after_database()
    if not gate_journal.exists():
        gate_journal.create_empty()
    gate_journal.append_restored()
    return changed


@transaction.atomic(durable=True)
def _look_after_database() -> int:
    lines = gate_journal.lines_since_restore() if gate_journal.exists() else []
    for line in lines_ahead(lines):
        delivery = Delivery.objects.filter(key=line.key)
        delivery.filter(fence__lt=line.fence).update(fence=line.fence)
        if not delivery.exists():
            # Its day is held when it is closed again.
            JournalledDay.objects.get_or_create(company_code=line.company, store_code=line.store, date=line.day)
    # A bulk operation of yesterday may have sent since what it would send now.
    end_unfinished()
    rule_on_what_a_restore_left()
    unsent = {"hold_reason": "", "hold_details": [], "lease_until": None}
    return Delivery.objects.take(RESTORED, **unsent) + Delivery.objects.filter(gate_at=None).take(RESTORED_BLOCKED, **unsent)
