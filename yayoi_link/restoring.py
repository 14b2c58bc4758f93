"""What happens when the database is older than the gate journal: somebody has restored a backup."""

from django.db import transaction

from yayoi_link import gate_journal
from yayoi_link.gate_journal import JournalMissing
from yayoi_link.models import Delivery, JournalledDay
from yayoi_link.states import RESTORED


def may_send() -> bool:
    """Tell whether the journal is there and not ahead of the database. While it is not, nothing is sent."""
    try:
        lines = gate_journal.lines_since_restore()
    except JournalMissing:
        return False
    return not _is_ahead(lines)


def _is_ahead(lines) -> bool:
    """Ahead: a line names a key that the database lacks, or a higher fence than the row has."""
    fences: dict[str, int] = {}
    for line in lines:
        fences[line.key] = max(line.fence, fences.get(line.key, 0))
    known = {key.hex: fence for key, fence in Delivery.objects.values_list("key", "fence")}
    return any(known.get(key, -1) < fence for key, fence in fences.items())


@transaction.atomic
def after_restore() -> int:
    """Make every unsent-looking delivery `unknown`, lift the fences, and let the worker send again.

    Returns how many deliveries now wait for a person. A missing journal is made anew.
    """
    lines = gate_journal.lines_since_restore() if gate_journal.exists() else []
    _remember_days_unknown_to_database(lines)
    for line in lines:
        Delivery.objects.filter(key=line.key, fence__lt=line.fence).update(fence=line.fence)
    changed = Delivery.objects.take(RESTORED, hold_reason="", hold_details=[], lease_until=None)
    if not gate_journal.exists():
        gate_journal.create_empty()
    gate_journal.append_restored()
    return changed


def _remember_days_unknown_to_database(lines) -> None:
    """A day that was sent after the backup was made is held when it is closed again."""
    known = {key.hex for key in Delivery.objects.values_list("key", flat=True)}
    for line in lines:
        if line.key not in known:
            JournalledDay.objects.get_or_create(company_code=line.company, store_code=line.store, date=line.day)
