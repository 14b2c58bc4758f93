"""取消の超過: red slips that came before their original and, once it is there, took back more than it came to.

Nothing that a register sends is dropped, so the original is booked all the same, marked, and a person looks at it.
"""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.history import DayAction
from closing.models import AcceptedExcess, Slip
from stores.audit import Origin

SLIPS_AT_ONCE = 500


class NothingInExcess(Exception):
    """The slip is not taken back too far any more, or not by as much, or somebody has accepted it already."""


def mark_excess(slips: Iterable[Slip]) -> None:
    """Write down by how much the slips, and those that they take back themselves, have been taken back too far (yen; 0 for not)."""
    for some in batched(sorted(slip.pk for slip in slips), SLIPS_AT_ONCE):
        followed = Slip.objects.filter(pk__in=some).order_by().values_list("original_id", flat=True)
        touched = Slip.objects.filter(pk__in={*some, *followed} - {None})
        for wrong in touched.reckoning_excess().exclude(reckoned_excess=F("excess")):
            Slip.objects.filter(pk=wrong.pk).update(excess=wrong.reckoned_excess)


@transaction.atomic
def accept_excess(slip: Slip, *, excess: int, reason: str, by: Origin) -> AcceptedExcess:
    """Let the 取消の超過 of so many yen stand, because the money did go back. Raises NothingInExcess."""
    locked = Slip.objects.select_for_update(no_key=True).filter(pk=slip.pk, excess=excess)
    if not locked.exists() or not Slip.objects.in_excess().filter(pk=slip.pk).exists():
        raise NothingInExcess
    accepted = AcceptedExcess.objects.create(slip=slip, excess=excess, reason=reason, by=by.actor, at=by.at)
    changes = {_("伝票番号"): slip.number, _("取消の超過"): excess, _("理由"): reason}
    history.record(DayAction.EXCESS_ACCEPTED, slip.day, by=by, changes=changes)
    return accepted
