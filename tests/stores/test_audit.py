from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy, override

from stores import audit
from stores.audit import AuditAction
from stores.models import AuditEntry
from tests.cast import sign_in


@pytest.fixture
def record(company, admin, moment):
    def write(action=AuditAction.STORE_CHANGED, actor=admin, at=moment, **more):
        return audit.record(action, actor=actor, company=company, at=at, **more)

    return write


def subjects_on(response):
    return [entry.subject for entry in response.context["page"]]


@pytest.mark.parametrize("change", [lambda entries: entries.update(subject="見なかった"), lambda entries: entries.delete()])
def test_nobody_changes_what_was_recorded(record, change):
    entry = record(subject="渋谷店")

    with pytest.raises(DatabaseError), transaction.atomic():
        change(AuditEntry.objects.filter(pk=entry.pk))

    assert AuditEntry.objects.get().subject == "渋谷店"


def test_the_latest_comes_first(client, admin, record, moment):
    record(subject="朝", at=moment - timedelta(hours=12))
    record(subject="夜")

    assert subjects_on(sign_in(client, admin).get("/audit/")) == ["夜", "朝"]


def test_the_list_is_narrowed_by_period_person_and_action(client, admin, manager, record, moment):
    record(subject="昨日", at=moment - timedelta(days=1))
    record(subject="店長", actor=manager)
    record(AuditAction.STAFF_CREATED, subject="登録")
    browser = sign_in(client, admin)

    filters = [{"since": "2026-04-01"}, {"until": "2026-03-31"}, {"actor": manager.pk}, {"action": "STAFF_CREATED"}]

    assert [subjects_on(browser.get("/audit/", chosen)) for chosen in filters] == [["登録", "店長"], ["昨日"], ["店長"], ["登録"]]


@pytest.mark.parametrize("junk", [{"since": "yesterday"}, {"actor": "x"}, {"action": "NO_SUCH"}, {"page": "99999"}, {"page": "x"}])
def test_a_filter_that_makes_no_sense_is_no_server_error(client, admin, record, junk):
    record()

    assert sign_in(client, admin).get("/audit/", junk).status_code == 200


def test_a_manager_sees_the_own_stores_and_deeds(client, manager, record, shibuya, head_office):
    record(subject="渋谷", store=shibuya)
    record(subject="本部", store=head_office)
    record(subject="全社")
    record(subject="自分", actor=manager)

    assert subjects_on(sign_in(client, manager).get("/audit/")) == ["自分", "渋谷"]


def test_a_clerk_does_not_read_it(client, clerk):
    assert sign_in(client, clerk).get("/audit/").status_code == 403


def test_fifty_entries_make_a_page(client, admin, record):
    for number in range(51):
        record(subject=str(number))
    browser = sign_in(client, admin)

    assert [len(subjects_on(browser.get("/audit/", {"page": page}))) for page in (1, 2)] == [50, 1]


def test_labels_are_kept_in_japanese_whoever_acts(record):
    with override("en"):
        entry = record(changes={gettext_lazy("権限"): [gettext_lazy("スタッフ"), None], "件数": 3})

    assert entry.changes == {"権限": ["スタッフ", None], "件数": 3}


def test_a_change_reads_as_before_and_after(client, admin, record):
    record(changes={"店舗名": ["渋谷店", "渋谷本店"], "備考": [None, "あり"]})

    page = sign_in(client, admin).get("/audit/").content.decode()

    assert "店舗名: 渋谷店 → 渋谷本店" in page
    assert "備考: （なし） → あり" in page


def test_a_line_says_where_when_and_how_many_yen(client, admin, shibuya, record):
    record(subject="2026-04-01", store=shibuya, changes={"現金差異": -1000, "回数": 1})
    record(subject="2026-03")

    page = sign_in(client, admin).get("/audit/").content.decode()

    assert [words in page for words in ("渋谷店 2026年4月1日(水)", "現金差異: -¥1,000", "回数: 1", "2026年3月")] == [True] * 4
