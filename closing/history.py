"""What this app writes to 操作履歴."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stores import audit


@audit.audited
class DayAction(models.TextChoices):
    DAY_OPENED = "DAY_OPENED", _("開局")
    FLOAT_CHANGED = "FLOAT_CHANGED", _("釣銭準備金の変更")
    MOVEMENT_RECORDED = "MOVEMENT_RECORDED", _("入出金")
    SLIPS_LOADED = "SLIPS_LOADED", _("伝票の取込")
    DAY_CLOSED = "DAY_CLOSED", _("閉局")
    DAY_CLOSED_AGAIN = "DAY_CLOSED_AGAIN", _("再閉局")


def record(action, day, *, by, changes=None):
    audit.record(
        action,
        actor=by.actor,
        company=day.store.company,
        store=day.store,
        subject=day.date.isoformat(),
        changes=changes,
        address=by.address,
        at=by.at,
    )
