"""A receiver that says a link is gone for good (410): it is off from then on, and people can read why."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from stores.models import AuditEntry, Store
from stores.notices import all_causes
from stores.telling import tell
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import WorkerSighting, YayoiLink

GONE = fates.answered(410)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def worker_is_there(db):
    WorkerSighting.touch("worker")


@pytest.fixture
def gone(delivery):
    return fates.meet(delivery, GONE)


def kinds():
    return sorted(cause.kind.name for cause in all_causes(at=timezone.now()))


def history():
    return list(AuditEntry.objects.filter(action="LINK_GONE").values_list("actor", "subject", "changes"))


def test_that_the_portal_switched_the_link_off_by_itself_is_in_the_history(gone):
    assert history() == [
        (
            None,
            "0001 渋谷店",
            {
                "連携状態": ["ON", "OFF"],
                "接続先リンク": "smart-import.example …1a2b v1",
                "理由": "接続先が、このリンクは廃止された（410）と応答しました",
            },
        )
    ]


def test_every_store_that_shares_the_link_has_its_own_line_and_one_that_was_off_has_none(shop, linked, kichijoji, state_dir):
    shop.link(kichijoji, LINK)
    off = shop.store(LINK)
    delivery = shop.close(linked)
    shop.switch_off(off)

    fates.meet(delivery, GONE)

    assert sorted(subject for _, subject, _ in history()) == ["0001 渋谷店", "0002 吉祥寺店"]


def test_the_registers_are_due_for_the_change(delivery, linked):
    before = Store.objects.get(pk=linked.pk).master_version

    fates.meet(delivery, GONE)

    assert Store.objects.get(pk=linked.pk).master_version == before + 1


def test_people_are_told_what_happened_and_what_to_do(gone, manager, mail_server):
    manager.email = "hanako@shop.example"
    manager.save()

    tell(at=timezone.now())

    text = mail_server.mails[0].get_content()
    assert "■ 0001 渋谷店：連携を自動でOFFにしました" in text
    assert "弥生側で接続先リンクを取得し直し、「弥生会計連携」で登録してください。" in text


@pytest.mark.parametrize(
    "seen_to",
    [
        lambda shop, store: shop.link(store, "https://elsewhere.example/link/2"),
        lambda shop, store: register_links([LinkEntry(store, is_enabled=True)], by=shop.by),
        lambda shop, store: register_links([LinkEntry(store, is_enabled=False, is_removed=True)], by=shop.by),
    ],
    ids=["another link", "on again", "removed"],
)
def test_it_is_told_until_somebody_has_seen_to_it(gone, shop, linked, seen_to):
    before = kinds()

    seen_to(shop, linked)

    assert (before, kinds()) == (["link_gone", "rejected"], ["rejected"])


def test_the_page_of_the_links_says_since_when_it_is_off(gone, client, manager):
    since = localtime(YayoiLink.objects.get().gone_at)

    page = sign_in(client, manager).get("/settings/yayoi/").text

    assert f"（410）と応答したため、{date_format(since, 'DATETIME_FORMAT')}に連携を自動でOFFにしました。" in page


def test_the_banner_names_it_without_a_number_of_days(gone, client, manager):
    page = sign_in(client, manager).get("/deliveries/").text

    assert "連携を自動でOFFにしました</a>" in page
