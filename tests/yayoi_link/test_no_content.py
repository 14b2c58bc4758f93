"""A 204 says nothing about what was taken in, unless a person has set it as this link's acknowledgement."""

import pytest
from django.urls import reverse

from stores.models import AuditEntry
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY, state_of
from yayoi_link.delivery import claim, pass_gate
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import YayoiLink
from yayoi_link.no_content import LinkChanged, set_no_content
from yayoi_link.recording import record
from yayoi_link.states import State

NO_CONTENT = fates.answered(204, content_type="")
OFFER = "接続先は、本文のない204を返しました。"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state_dir")]


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


def link_of(store):
    return YayoiLink.objects.select_related("store__company").get(store=store)


def page_of(store):
    return reverse("yayoi_link:no_content", args=[store.pk])


def accept(shop, store, *, accepts=True):
    link = link_of(store)
    return set_no_content(link, seen_version=link.version, accepts=accepts, reason="接続先の説明書", by=shop.by)


def answers(store, **others):
    return {"version": link_of(store).version, "accepts": "yes", "is_known": "on", "reason": "接続先の説明書", **others}


def test_the_next_204_over_the_link_is_an_acknowledgement_and_that_over_another_is_not(shop, linked):
    elsewhere = shop.store("https://other.example/link/2")
    accept(shop, linked)

    ended = fates.meet(shop.close(linked), NO_CONTENT), fates.meet(shop.close(elsewhere), NO_CONTENT)

    assert [delivery.state for delivery in ended] == [State.DELIVERED, State.UNVERIFIED]


def test_another_store_with_the_same_link_is_asked_by_itself(shop, linked):
    sharing = shop.store(LINK)
    accept(shop, linked)

    assert fates.meet(shop.close(sharing), NO_CONTENT).state == State.UNVERIFIED


def test_any_other_answer_without_an_acknowledgement_stays_unverified(shop, linked):
    accept(shop, linked)

    assert fates.meet(shop.close(linked), fates.LOGIN_PAGE).state == State.UNVERIFIED


def test_what_a_204_left_unverified_before_stays_so(shop, delivery):
    fates.meet(delivery, NO_CONTENT)

    accept(shop, delivery.day.store)

    assert state_of(delivery) == State.UNVERIFIED


@pytest.mark.parametrize(
    "change",
    [
        lambda shop, store: accept(shop, store, accepts=False),
        lambda shop, store: shop.link(store, "https://other.example/link/2"),
    ],
    ids=["taken back", "link replaced"],
)
def test_a_try_in_flight_is_not_acknowledged_by_what_counts_no_more(shop, delivery, change):
    store = delivery.day.store
    accept(shop, store)
    claimed = claim(delivery.pk)
    pass_gate(claimed)
    change(shop, store)

    assert record(claimed, NO_CONTENT) == State.UNVERIFIED


def test_a_try_that_was_claimed_before_it_was_set_is_looked_at_by_a_person(shop, delivery):
    claimed = claim(delivery.pk)
    pass_gate(claimed)
    accept(shop, delivery.day.store)

    assert record(claimed, NO_CONTENT) == State.UNVERIFIED


def test_another_link_begins_without_it_and_the_history_says_so(shop, linked):
    accept(shop, linked)

    shop.link(linked, "https://other.example/link/2")

    entry = AuditEntry.objects.filter(action="LINK_REGISTERED").latest("pk")
    assert (link_of(linked).accepts_204, entry.changes["本文のない204"]) == (
        False,
        ["「受け取った」の返事にする", "「受け取った」の返事にしない"],
    )


def test_a_removed_link_takes_it_along(shop, linked):
    accept(shop, linked)

    register_links([LinkEntry(linked, is_enabled=False, is_removed=True)], by=shop.by)

    assert link_of(linked).accepts_204 is False


def test_it_outlasts_other_changes_of_the_same_link(shop, linked):
    accept(shop, linked)

    register_links([LinkEntry(linked, is_enabled=False, starts_on=DAY)], by=shop.by)

    assert link_of(linked).accepts_204 is True


def test_it_is_not_set_for_a_link_that_nobody_has_seen(shop, linked):
    seen = link_of(linked)
    shop.link(linked, "https://other.example/link/2")

    with pytest.raises(LinkChanged):
        set_no_content(seen, seen_version=seen.version, accepts=True, reason="", by=shop.by)

    assert link_of(linked).accepts_204 is False


def test_it_is_set_once(shop, linked):
    accept(shop, linked)

    with pytest.raises(LinkChanged):
        accept(shop, linked)

    assert AuditEntry.objects.filter(action="LINK_NO_CONTENT_SET").count() == 1


def test_a_manager_sets_it_with_a_reason(managers, linked, manager):
    page = managers.post(page_of(linked), answers(linked), follow=True).content.decode()

    entry = AuditEntry.objects.get(action="LINK_NO_CONTENT_SET")
    assert (link_of(linked).accepts_204, "204の扱いを変えました。" in page) == (True, True)
    assert (entry.actor, entry.store, entry.changes) == (
        manager,
        linked,
        {
            "接続先リンク": "smart-import.example …1a2b v1",
            "本文のない204": ["「受け取った」の返事にしない", "「受け取った」の返事にする"],
            "理由": "接続先の説明書",
        },
    )


@pytest.mark.parametrize("missing", ["is_known", "reason"])
def test_it_is_not_set_without_saying_how_it_is_known(managers, linked, missing):
    response = managers.post(page_of(linked), answers(linked, **{missing: ""}))

    assert (list(response.context["form"].errors), link_of(linked).accepts_204) == ([missing], False)


def test_a_form_that_was_tampered_with_is_refused_and_sets_nothing(managers, linked):
    response = managers.post(page_of(linked), answers(linked, accepts="maybe", version="x"))

    assert (response.status_code, link_of(linked).accepts_204) == (200, False)


def test_two_managers_at_once_set_it_once(managers, linked):
    managers.post(page_of(linked), answers(linked))

    page = managers.post(page_of(linked), answers(linked), follow=True).content.decode()

    assert "何も変更していません。" in page


def test_a_manager_takes_it_back(managers, shop, linked):
    accept(shop, linked)

    managers.post(page_of(linked), {"version": 1, "accepts": "no", "reason": "間違い"})

    assert link_of(linked).accepts_204 is False
    assert fates.meet(shop.close(linked), NO_CONTENT).state == State.UNVERIFIED


def test_the_links_say_where_it_is_set(managers, shop, linked):
    before = managers.get("/settings/yayoi/").content.decode()
    accept(shop, linked)
    after = managers.get("/settings/yayoi/").content.decode()

    assert (page_of(linked) in before, page_of(linked) in after) == (False, True)


def test_it_is_offered_where_a_204_was_unverified(managers, shop, linked):
    unverified = fates.meet(shop.close(linked), NO_CONTENT)
    login_page = fates.meet(shop.close(linked, NEXT_DAY), fates.LOGIN_PAGE)

    pages = [managers.get(f"/deliveries/{one.pk}/").content.decode() for one in (unverified, login_page)]

    assert [OFFER in page for page in pages] == [True, False]


def test_it_is_offered_neither_once_it_is_set_nor_to_who_may_not(client, managers, clerk, shop, linked):
    unverified = fates.meet(shop.close(linked), NO_CONTENT)
    accept(shop, linked)
    page = f"/deliveries/{unverified.pk}/"
    once_set = managers.get(page).content.decode()
    accept(shop, linked, accepts=False)

    assert [OFFER in text for text in (once_set, sign_in(client, clerk).get(page).content.decode())] == [False, False]


def test_of_another_company_s_link_nothing_exists(client, linked, rival_admin):
    browser = sign_in(client, rival_admin)

    statuses = [browser.get(page_of(linked)).status_code, browser.post(page_of(linked), answers(linked)).status_code]

    assert (statuses, link_of(linked).accepts_204) == ([404, 404], False)


def test_a_clerk_may_not(client, linked, clerk):
    browser = sign_in(client, clerk)

    statuses = [browser.get(page_of(linked)).status_code, browser.post(page_of(linked), answers(linked)).status_code]

    assert (statuses, link_of(linked).accepts_204) == ([403, 403], False)
