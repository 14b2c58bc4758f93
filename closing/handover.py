"""引継メモ: one shift writes, the next one confirms that it has read."""

import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from closing import history
from closing.history import DayAction
from closing.models import BusinessDay, HandoverNote
from closing.trading_day import AlreadyRecorded
from stores.audit import Origin
from stores.models import Store


class NoteSettled(Exception):
    """Somebody has confirmed the note, or its author has taken it back."""


def day_of_writing(store: Store, *, today: date) -> date:
    """Return the 営業日 that a note written now belongs to: the one that is open, or `today` while none is."""
    open_days = BusinessDay.objects.filter(store=store).open().order_by("-date")
    return open_days.values_list("date", flat=True).first() or today


@transaction.atomic
def write_note(store: Store, *, date: date, text: str, key: uuid.UUID, by: Origin) -> HandoverNote:
    """Leave the text for the next shift. Raises AlreadyRecorded when a note with this key is there."""
    try:
        with transaction.atomic():
            note = HandoverNote.objects.create(uuid=key, store=store, date=date, text=text, written_by=by.actor, written_at=by.at)
    except IntegrityError:
        raise AlreadyRecorded from None
    history.record(DayAction.HANDOVER_WRITTEN, note, by=by, changes={_("メモ"): text})
    return note


@transaction.atomic
def confirm_note(note: HandoverNote, *, by: Origin) -> None:
    """Say that the note was read. Of two who confirm at once one is remembered; the other's call raises NoteSettled."""
    if not HandoverNote.objects.unconfirmed().filter(pk=note.pk).update(confirmed_by=by.actor, confirmed_at=by.at):
        raise NoteSettled
    history.record(DayAction.HANDOVER_CONFIRMED, note, by=by, changes={_("メモ"): note.text})


@transaction.atomic
def take_back_note(note: HandoverNote, *, by: Origin) -> None:
    """Let the author take the note back. Raises NoteSettled once somebody has confirmed it."""
    own = HandoverNote.objects.unconfirmed().filter(pk=note.pk, written_by=by.actor)
    if not own.update(taken_back_at=by.at):
        raise NoteSettled
    history.record(DayAction.HANDOVER_TAKEN_BACK, note, by=by, changes={_("メモ"): note.text})
