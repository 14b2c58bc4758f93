"""The error screens of every kind of trouble, and what all pages say when nothing is being sent.

Played last and without the worker: the deliveries fail here and nowhere else.
"""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from stores.audit import Origin
from stores.models import Staff
from tests.screens.stage import COMPANY
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.models import Delivery, WorkerSighting
from yayoi_link.recording import record
from yayoi_link.rulings import resend_doubled
from yayoi_link.states import State
from yayoi_link.verdicts import Answer, ErrorCode, Phase


def answered(status, *, body=b"", content_type="application/json", **more):
    came = {"passed_gate": True, "body_all_sent": True, "body_complete": True, "duration_ms": 230}
    return Answer(phase=Phase.DONE, status=status, body=body, content_type=content_type, **came, **more)


ANSWERS = {
    "certificate": Answer(phase=Phase.TLS, error=ErrorCode.CERTIFICATE_EXPIRED, duration_ms=90),
    "unreachable": Answer(phase=Phase.CONNECT, error=ErrorCode.UNREACHABLE, duration_ms=3000),
    "blocked": Answer(phase=Phase.RESOLVE, error=ErrorCode.BLOCKED_ADDRESS, duration_ms=5),
    "key-missing": Answer(phase=Phase.RESOLVE, error=ErrorCode.KEY_UNAVAILABLE),
    "busy": answered(503, body=b'{"received": 0}', retry_after=600),
    "moved": answered(301, location_host="moved.example"),
    "too-large": answered(413),
    "not-accepted": answered(422, body=b'{"error": "format"}'),
    "error-there": answered(500, body=b"<h1>500</h1>", content_type="text/html"),
    "silent": Answer(phase=Phase.AWAIT_STATUS, passed_gate=True, error=ErrorCode.DEADLINE, body_all_sent=True, duration_ms=30000),
    "other-count": answered(200, body=b'{"received": 1}'),
    "empty-answer": answered(204),
    # Switches its link off, so that nothing can fail there any more.
    "gone": answered(410),
}


def error_screens(stage):
    for name, answer in ANSWERS.items():
        delivery = fail(next_to_fail(), answer)
        stage.open(f"/deliveries/{delivery.pk}/")
        stage.look(name)


def no_content(stage):
    """What a 204 means over the link of the store that got one: to be set, a mistake, set, and to be taken back."""
    page = f"/settings/yayoi/{fail(next_to_fail(), answered(204)).day.store_id}/no-content/"
    stage.open(page)
    stage.look()
    stage.press_unchecked()
    stage.look("mistakes")
    stage.page.locator("main [name=is_known]").check()
    stage.page.locator("main [name=reason]").fill("接続先の説明書")
    stage.press("main form[method=post] button.btn-primary")
    stage.look("set")
    stage.open(page)
    stage.look("to-be-taken-back")
    # The next empty answer is a trouble again.
    stage.fill(reason="間違い")
    stage.press("main form[method=post] button.btn-primary")


def failed_at_close(stage):
    """The same as it meets whoever closes: at the till, under 閉局結果."""
    delivery = fail(next_to_fail(store="0001"), ANSWERS["silent"])
    stage.enter_till()
    stage.open(f"/register/{delivery.day.date}/result/")
    stage.look("failed")


def without_worker(stage):
    WorkerSighting.objects.update(seen_at=Now() - timedelta(minutes=2))
    for path in ("/", "/deliveries/", "/deliveries/calendar/", "/mornings/"):
        stage.open(path)
        stage.look("nothing-is-sent")


def next_to_fail(**store):
    """The latest day that arrived and has not been sent again."""
    of_store = {"day__store__code": store["store"]} if store else {}
    return Delivery.objects.filter(
        day__store__company__code=COMPANY, state=State.DELIVERED, is_current=True, generation=1, **of_store
    ).latest("day__date", "pk")


def fail(delivery, answer):
    """Send the day once more, knowingly, and let this be the answer."""
    by = Origin(Staff.objects.get(company__code=COMPANY, code="0001"), timezone.now(), "127.0.0.1")
    again = resend_doubled(delivery, by=by)
    claimed = claim(again.pk)
    if answer.passed_gate:
        pass_gate(claimed)
    record(claimed, answer)
    return again
