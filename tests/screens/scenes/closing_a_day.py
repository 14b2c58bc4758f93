"""A clerk's evening at the till, step by step, until TOP says that the day is over."""

from stores.models import Store
from tests.screens.stage import COMPANY

PREVIEW = "#count button[name=review]"


def count_with_mistakes(stage):
    """The step of counting with nothing typed, then with a drawer that is off."""
    stage.open(f"{open_day(stage)}close/")
    for step in ("figures", "count", "preview"):
        show_step(stage, step)
        stage.look(step)
    show_step(stage, "count")
    stage.press_unchecked(PREVIEW)
    stage.look("mistakes")
    fill_drawers(stage, off_by=-1000)
    stage.page.wait_for_timeout(1500)  # until the hints are there
    stage.look("counted-short")
    stage.press_unchecked(PREVIEW)
    stage.look("reason-missing")


def third_register(stage):
    """渋谷店 has put one more till up today."""
    store = Store.objects.get(company__code=COMPANY, code="0001")
    stage.open(f"/stores/{store.pk}/registers/new/")
    stage.look()
    stage.fill(number="3", name="テラスレジ")
    stage.press()
    stage.look("three-registers")
    register = store.registers.get(number=3)
    for path in ("edit/", "tokens/"):
        stage.open(f"/stores/registers/{register.pk}/{path}")
        stage.look()


def close_the_day(stage):
    stage.enter_till()
    day = open_day(stage)
    stage.open(f"{day}close/#count")
    count_pieces(stage)
    stage.look("pieces")
    stage.press(PREVIEW)
    stage.look("preview")
    stage.page.locator("#preview button.btn-primary").click()
    stage.look("question")
    stage.answer_yes()
    stage.look("just-closed")
    stage.page.locator(".outcome-ok").wait_for()
    stage.look("arrived")
    stage.open(f"{day}pickup-sheet/")
    stage.look("three-registers")
    stage.open(day)
    stage.look("closed")


def top_after_closing(stage):
    stage.open("/")
    stage.look("day-closed")


def open_day(stage):
    """The address of the day that is open at the till."""
    stage.open("/register/")
    return stage.page.locator("main a[href^='/register/20']").first.get_attribute("href")


def show_step(stage, step):
    stage.page.evaluate("step => { location.hash = step }", step)


def count_pieces(stage):
    """Type the notes and coins of each drawer, none missing."""
    for drawer in stage.page.locator("[data-count]").all():
        drawer.locator("[value=PIECES]").check()
        left = int(drawer.get_attribute("data-expected"))
        for worth in (10_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1):
            pieces, left = divmod(left, worth)
            if pieces:
                drawer.locator(f"[data-denomination='{worth}']").fill(str(pieces))


def fill_drawers(stage, *, off_by):
    """Type what each drawer should hold, the first one off by so many yen."""
    for place, drawer in enumerate(stage.page.locator("[data-count]").all()):
        drawer.locator("[value=TOTAL]").check()
        expected = int(drawer.get_attribute("data-expected"))
        drawer.locator("[name$=-actual_cash]").fill(str(expected + (off_by if place == 0 else 0)))
