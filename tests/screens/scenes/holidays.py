"""休業日, as the store's people and their manager see it on that day."""

from django.utils import timezone


def close_for_the_day(stage):
    """吉祥寺店 has forgotten to close, 鎌倉店 rests today."""
    stage.open("/stores/")
    stage.page.get_by_role("link", name="鎌倉店").first.click()
    stage.page.wait_for_load_state("networkidle")
    stage.open(f"{stage.page.url.removeprefix(stage.portal)}holidays/")
    stage.fill(first=timezone.localdate().isoformat(), note="設備点検")
    stage.press()
    stage.look("added")


def top_on_holiday(stage):
    stage.open("/")
    stage.look("holiday")
