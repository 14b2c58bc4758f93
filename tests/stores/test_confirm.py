"""The dialog before an important form, and that a form is sent once, in a real browser."""

import pytest

from stores.models import AuditEntry
from tests.journeys.portal_pages import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def master_sync(page, live_server, manager, register):
    sign_in(page, live_server, manager)
    page.goto(f"{live_server.url}/settings/master-sync/")
    page.get_by_role("heading", name="マスタ同期").wait_for()
    return page


def syncs():
    return AuditEntry.objects.filter(action="MASTER_SYNCED", subject__startswith="0001").count()


def test_nothing_is_sent_before_the_question_is_answered(master_sync):
    master_sync.get_by_role("button", name="マスタ同期").click()

    assert master_sync.get_by_role("dialog").inner_text().split("\n")[0] == "マスタ同期を実施します。よろしいですか。"
    assert syncs() == 0


def cancel_with_the_button(page):
    page.get_by_role("button", name="キャンセル").click()


def cancel_with_the_keyboard(page):
    page.keyboard.press("Escape")


@pytest.mark.parametrize("cancel", [cancel_with_the_button, cancel_with_the_keyboard])
def test_cancelling_sends_nothing_and_leaves_the_form_usable(master_sync, cancel):
    master_sync.get_by_role("button", name="マスタ同期").click()
    cancel(master_sync)
    master_sync.get_by_role("button", name="マスタ同期").click()

    assert master_sync.get_by_role("dialog").is_visible()
    assert syncs() == 0


def test_the_keyboard_alone_confirms(master_sync):
    master_sync.get_by_role("button", name="マスタ同期").focus()
    master_sync.keyboard.press("Enter")
    master_sync.keyboard.press("Enter")

    master_sync.get_by_text("マスタ同期を実施しました。").wait_for()
    assert syncs() == 1


def test_a_double_click_on_ok_sends_once(master_sync):
    master_sync.get_by_role("button", name="マスタ同期").click()
    master_sync.get_by_role("button", name="OK").dblclick()

    master_sync.get_by_text("マスタ同期を実施しました。").wait_for()
    assert syncs() == 1


def test_after_going_back_the_form_works_again(master_sync):
    master_sync.get_by_role("button", name="マスタ同期").click()
    master_sync.get_by_role("button", name="OK").click()
    master_sync.get_by_text("マスタ同期を実施しました。").wait_for()
    master_sync.go_back()

    master_sync.get_by_role("button", name="マスタ同期").click()
    assert master_sync.get_by_role("dialog").is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_screen(master_sync, live_server, width):
    master_sync.set_viewport_size({"width": width, "height": 720})

    for path in ("/", "/settings/", "/settings/master-sync/", "/audit/", "/password/"):
        master_sync.goto(live_server.url + path)
        assert master_sync.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
