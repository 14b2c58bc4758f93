"""登録番号 要確認: expenses whose tax cannot be deducted rightly until somebody has looked at the receipt."""

from django import template
from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncMonth

from closing.models import CashMovement, MonthLock
from stores.access import Ability, may

register = template.Library()

SHOWN = 20


@register.inclusion_tag("closing/unclear_receipts.html")
def unclear_receipts(user):
    return {"movements": undecided_for(user)[:SHOWN]}


def undecided_for(user):
    """What those who may correct a closed day are asked on TOP, the oldest first. A locked month waits for its unlocking."""
    if not may(user, Ability.CORRECT_SLIPS):
        return CashMovement.objects.none()
    locked = MonthLock.objects.filter(company=OuterRef("day__store__company"), month=OuterRef("month"), is_locked=True)
    unclear = CashMovement.objects.visible_to(user).standing().filter(is_registration_unclear=True)
    undecided = unclear.annotate(month=TruncMonth("day__date")).exclude(Exists(locked))
    return undecided.select_related("reason", "day__store").order_by("day__date", "pk")
