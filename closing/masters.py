"""支払方法 and 入出金理由: made, changed, put in order, retired, never deleted, each time with a line in 操作履歴.

Registers take them by マスタ同期, so after each change all stores of the company are due for it.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from closing.categories import PaymentKind, ReasonPurpose
from closing.models import CashReason, PaymentMethod
from stores.audit import Origin, audited
from stores.master_sync import master_changed
from stores.models import Store

type Master = PaymentMethod | CashReason

# Nobody else may make a reason under the code of one that the portal makes by itself when it first needs it.
RESERVED_CODES = frozenset(purpose.value for purpose in ReasonPurpose if purpose.value)


@audited
class MasterAction(models.TextChoices):
    METHOD_CREATED = "METHOD_CREATED", _("支払方法の登録")
    METHOD_CHANGED = "METHOD_CHANGED", _("支払方法の変更")
    METHOD_MOVED = "METHOD_MOVED", _("支払方法の並べ替え")
    METHOD_RETIRED = "METHOD_RETIRED", _("支払方法の利用終了")
    METHOD_RESTORED = "METHOD_RESTORED", _("支払方法の利用再開")
    REASON_CREATED = "REASON_CREATED", _("入出金理由の登録")
    REASON_CHANGED = "REASON_CHANGED", _("入出金理由の変更")
    REASON_MOVED = "REASON_MOVED", _("入出金理由の並べ替え")
    REASON_RETIRED = "REASON_RETIRED", _("入出金理由の利用終了")
    REASON_RESTORED = "REASON_RESTORED", _("入出金理由の利用再開")


ACTIONS_OF = {PaymentMethod: "METHOD", CashReason: "REASON"}


class CodeTaken(Exception):
    """Somebody else has registered the code since the form looked."""


class LastCashMethod(Exception):
    """Change is given from cash, so a company keeps one method of that kind in use."""


@transaction.atomic
def add_master(row: Master, *, changes: dict[str, Any], by: Origin) -> Master:
    """Save a new method or reason behind those that are in use. Raises CodeTaken."""
    last = sortable(row).aggregate(last=Max("position"))["last"]
    row.position = 0 if last is None else last + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as refused:
        raise CodeTaken from refused
    _record("CREATED", row, changes=changes, by=by)
    return row


@transaction.atomic
def change_master(row: Master, *, fields: list[str], changes: dict[str, Any], by: Origin) -> Master:
    """Save the named fields of a method or reason, and nothing where none was changed."""
    if fields:
        row.save(update_fields=fields)
        _record("CHANGED", row, changes=changes, by=by)
    return row


@transaction.atomic
def retire_master(row: Master, *, on: date, by: Origin) -> Master:
    """Offer it no more in forms from a date on. What is booked with it, and slips that still come with it, stay as they are.

    Raises LastCashMethod.
    """
    if isinstance(row, PaymentMethod) and row.kind == PaymentKind.CASH:
        in_use = PaymentMethod.objects.select_for_update(no_key=True).filter(company=row.company_id, kind=row.kind).in_use()
        if not any(other.pk != row.pk for other in in_use.order_by("pk")):
            raise LastCashMethod
    return _set_retired(row, "RETIRED", before=None, after=on, by=by)


@transaction.atomic
def restore_master(row: Master, *, by: Origin) -> Master:
    """Offer a retired method or reason again, in its old place."""
    return _set_retired(row, "RESTORED", before=row.retired_on, after=None, by=by)


@transaction.atomic
def move_master(row: Master, *, places: int, by: Origin) -> Master:
    """Move it so many places down the list of those in use, or up (negative); beyond an end nothing happens."""
    rows = list(sortable(row).select_for_update(no_key=True))
    here = rows.index(row) if row in rows else None
    if here is None or not 0 <= here + places < len(rows):
        return row
    rows.insert(here + places, rows.pop(here))
    for position, each in enumerate(rows):
        each.position = position
    type(row).objects.bulk_update(rows, ["position"])
    _record("MOVED", row, changes={_("並び順"): [here + 1, here + places + 1]}, by=by)
    return row


def sortable(row: Master) -> models.QuerySet:
    """Return the company's methods or reasons that are in use, in their order; without those that the portal chooses."""
    rows = type(row).objects.filter(company=row.company_id).in_use()
    return rows.chosen() if isinstance(row, CashReason) else rows


def _set_retired(row, action, *, before, after, by):
    """Of two people who do the same at once, one does it."""
    if type(row).objects.filter(pk=row.pk, retired_on=before).update(retired_on=after):
        row.retired_on = after
        _record(action, row, changes={_("利用終了日"): [before, after]}, by=by)
    return row


def _record(action, row, *, changes, by):
    master_changed(Store.objects.filter(company=row.company_id))
    by.record(MasterAction[f"{ACTIONS_OF[type(row)]}_{action}"], subject=f"{row.code} {row.name}", changes=changes)
