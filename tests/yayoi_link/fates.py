"""What can become of a delivery, brought about the way the worker does it: claimed, past its gate, recorded."""

from django.db.models.functions import Now

from yayoi_link.delivery import claim, pass_gate
from yayoi_link.models import Delivery
from yayoi_link.recording import record
from yayoi_link.rulings import CHECKED_FROM
from yayoi_link.schedule import GIVES_UP_AFTER, MINIMUM_TRIES
from yayoi_link.verdicts import Answer, ErrorCode, Phase

NO_NAME = Answer(phase=Phase.RESOLVE, error=ErrorCode.NAME_NOT_FOUND, duration_ms=20)
BLOCKED = Answer(phase=Phase.RESOLVE, error=ErrorCode.BLOCKED_ADDRESS)
CUT = Answer(phase=Phase.AWAIT_STATUS, passed_gate=True, error=ErrorCode.RESET, body_all_sent=True, duration_ms=812)


def answered(status, body=b"", content_type="application/json"):
    return Answer(
        phase=Phase.DONE,
        passed_gate=True,
        body_all_sent=True,
        status=status,
        body=body,
        body_complete=True,
        content_type=content_type,
    )


NOT_FOUND = answered(404)
LOGIN_PAGE = answered(200, b"<!doctype html>", "text/html")
REFUSED = answered(503, b'{"received": 0}')


def acknowledged(delivery):
    return answered(200, b'{"received": %d}' % delivery.row_count)


def meet(delivery, answer):
    """Try the delivery and record this answer. Returns the delivery as it then is."""
    claimed = claim(delivery.pk)
    if answer.passed_gate:
        pass_gate(claimed)
    record(claimed, answer)
    return reread(delivery)


def give_up(delivery):
    """The last of the automatic tries has failed: three days have gone by."""
    Delivery.objects.filter(pk=delivery.pk).update(first_tried_at=Now() - GIVES_UP_AFTER, tries=MINIMUM_TRIES)
    return meet(delivery, NO_NAME)


def deliver_it(delivery):
    return meet(delivery, acknowledged(delivery))


def send_it(delivery):
    """Past its gate, and nothing heard of it yet."""
    pass_gate(claim(delivery.pk))
    return reread(delivery)


def ten_minutes_later(delivery):
    """Move the gate into the past, so that looking in Yayoi counts."""
    Delivery.objects.filter(pk=delivery.pk).update(gate_at=Now() - CHECKED_FROM)
    return reread(delivery)


def reread(delivery):
    return Delivery.objects.select_related("day__store__company", "closing").get(pk=delivery.pk)
