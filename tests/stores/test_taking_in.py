"""What must hold when two people take in files of the same master at once, on SQLite and on PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from stores.audit import Origin
from stores.master_files.people import STAFF
from stores.master_files.places import STORES
from stores.master_files.plan import plan_of
from stores.master_files.taking_in import ChangedSincePreview, take_in
from stores.models import AuditEntry, Staff, Store

NEW_STORES = "店舗コード,店舗名\n" + "".join(f"1{number:03},{number}号店\n" for number in range(20))


def together(file, contents, *, by):
    """Press 取り込む for all contents at the same moment, each after its own preview, and return what became of each."""
    start = Barrier(len(contents))
    previews = [(content.encode(), plan_of(content.encode(), file, by.actor).digest) for content in contents]

    def press(preview):
        start.wait()
        try:
            take_in(file, preview[0], name="a.csv", seen=preview[1], by=by)
        except ChangedSincePreview:
            return "changed"
        finally:
            connection.close()
        return "taken in"

    with ThreadPoolExecutor(len(contents)) as threads:
        return Counter(threads.map(press, previews))


@pytest.fixture
def by(transactional_db, admin, moment):
    return Origin(admin, moment)


def test_of_two_people_who_register_the_same_stores_one_does_it(by):
    outcomes = together(STORES, [NEW_STORES, NEW_STORES], by=by)

    assert outcomes == {"taken in": 1, "changed": 1}
    assert (Store.objects.count(), AuditEntry.objects.filter(action="STORE_CREATED").count()) == (20, 20)


def test_of_two_people_who_change_the_same_store_the_second_is_told(by, shibuya):
    outcomes = together(STORES, ["店舗コード,店舗名\n0001,甲\n", "店舗コード,店舗名\n0001,乙\n"], by=by)

    assert outcomes == {"taken in": 1, "changed": 1}
    assert AuditEntry.objects.filter(action="STORE_CHANGED").count() == 1


def test_nobody_is_registered_by_half_a_file(by, shibuya):
    one = "担当者コード,氏名,権限,担当店舗\n0500,甲,スタッフ,0001\n0600,乙,スタッフ,0001\n"
    other = "担当者コード,氏名,権限,担当店舗\n0600,丙,スタッフ,0001\n0700,丁,スタッフ,0001\n"

    outcomes = together(STAFF, [one, other], by=by)

    made = set(Staff.objects.exclude(code="0001").values_list("code", flat=True))
    assert (outcomes, made in ({"0500", "0600"}, {"0600", "0700"})) == ({"taken in": 1, "changed": 1}, True)
