"""What follows a mistake: cash that is counted again, a day that is closed again, a red slip, and what was looked up in Yayoi."""

from datetime import timedelta

from closing.categories import SlipKind
from closing.models import BusinessDay, Slip
from closing.signals import Wish
from closing.trading_day import close_again as reclose
from tests.screens.scenes.closing_a_day import fill_drawers
from tests.screens.scenes.long_work import origin_of
from tests.screens.stage import COMPANY
from yayoi_link.models import Delivery
from yayoi_link.states import State


def look_in_yayoi(stage):
    """結果不明, an hour after the gate: the bytes are no longer on their way."""
    unknown = Delivery.objects.filter(day__store__company__code=COMPANY, state=State.UNKNOWN).latest("pk")
    Delivery.objects.filter(pk=unknown.pk).update(gate_at=unknown.gate_at - timedelta(hours=1))
    for path in ("", "settle/"):
        stage.open(f"/deliveries/{unknown.pk}/{path}")
        stage.look("looked-up")
    stage.press_unchecked()
    stage.look("mistakes")


def close_again(stage):
    """A delivered day is counted again and closed again; then somebody decides what Yayoi gets."""
    day = BusinessDay.objects.filter(store__company__code=COMPANY, store__code="0001", revision=1).order_by("-date")[10]
    stage.enter_till()
    stage.open(f"/register/{day.date}/recount/")
    stage.look()
    fill_drawers(stage, off_by=-10)
    stage.press("#count .btn-primary")
    stage.look("recounted")
    stage.open(f"/register/{day.date}/close-again/")
    stage.look()
    stage.page.locator("main [name=wish]").first.check()
    stage.press("main form[method=post] button.btn-primary")
    stage.look("closed-again")


def after_closing_again(stage):
    """The revisions of the day; and what waits for a decision about another that was closed again by whoever knew nothing of Yayoi."""
    day = BusinessDay.objects.filter(store__company__code=COMPANY, revision=2).latest("date")
    stage.open(f"/days/{day.store.code}/{day.date}/revisions/")
    stage.look()
    changed = BusinessDay.objects.changed_after_close().filter(store__company__code=COMPANY, store__code="0002").earliest("date")
    held = reclose(changed, seen_revision=1, by=origin_of("0101"), wish=Wish.SEND).deliveries.get()
    for path in ("", "difference/"):
        stage.open(f"/deliveries/{held.pk}/{path}")
        stage.look("awaiting-decision")


def black_slip(stage):
    """訂正 of a red slip that nothing has followed yet."""
    followed = Slip.objects.filter(kind=SlipKind.CORRECTION).values("original")
    red = (
        Slip.objects.filter(day__store__company__code=COMPANY, day__store__code="0001", kind=SlipKind.REVERSAL)
        .exclude(pk__in=followed)
        .latest("pk")
    )
    stage.open(f"/slips/{red.pk}/correct/")
    stage.look()
