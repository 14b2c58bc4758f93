"""What TOP asks about the days' books."""

from datetime import timedelta

import pytest

from closing.intake import book_slips
from closing.kept_slips import keep_refused
from closing.models import KeptSlip
from closing.month_locks import lock_month
from closing.trading_day import RegisterCount, close_day, open_day
from stores.needs import Finding, needs_of
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING, book, sale

pytestmark = pytest.mark.usefixtures("evening")
BEFORE = DAY - timedelta(days=1)
UNTIDY = ["changed", "provisional", "kept"]


@pytest.fixture
def untidy(shibuya, day, by):
    """Two days changed after their close, one of them without a count; and a slip in 保留."""
    close_day(open_day(shibuya, BEFORE, by=by, today=DAY), counts=[RegisterCount(1, 0, 0)], by=by)
    close_day(day, counts=None, by=by)
    book(shibuya, sale("1"), sale("1", business_date=BEFORE), by=by)
    refused = book_slips(shibuya, [sale("2", method="COUPON")], by=by, today=DAY)
    keep_refused(shibuya, refused, source=KeptSlip.Source.REGISTER, by=by)
    return shibuya


def needs(person, *names):
    """What the person is asked about; of these names, where there are any."""
    return [need for need in needs_of(person, at=EVENING) if not names or need.name in names]


def findings(person, name):
    return [finding for need in needs(person, name) for finding in need.findings]


def names_for(person):
    return [need.name for need in needs(person)]


def test_days_and_slips_that_wait_for_somebody_are_counted_per_store(manager, untidy):
    named = {"store_pk": untidy.pk, "store_code": "0001", "store_name": "渋谷店"}

    assert [finding for name in UNTIDY for finding in findings(manager, name)] == [
        Finding(count=2, oldest=BEFORE, latest=DAY, **named),
        Finding(count=1, oldest=DAY, latest=DAY, **named),
        Finding(count=1, **named),
    ]


def test_each_leads_to_where_it_is_put_right(client, manager, untidy):
    sign_in(client, manager)

    pages = [need.page for need in needs(manager, *UNTIDY)]

    assert pages == [f"/days/?state=CHANGED&store={untidy.pk}", f"/days/0001/{DAY}/", f"/slips/kept/?store={untidy.pk}"]
    assert [client.get(page).status_code for page in pages] == [200] * 3


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("manager", ["確かめて閉局し直す", "日計を見る", "登録するかどうかを決める"]),
        ("accountant", ["内容を見る"] * 3),
        ("clerk", []),
        ("rival_admin", []),
    ],
)
def test_those_who_answer_for_the_books_are_asked_and_readers_only_look(request, untidy, name, steps):
    assert [str(need.step) for need in needs(request.getfixturevalue(name), *UNTIDY)] == steps


def test_readers_are_never_led_to_a_page_that_is_refused(client, accountant, untidy, by):
    sign_in(client, accountant)

    assert {client.get(need.page).status_code for need in needs(accountant)} == {200}


def test_a_day_without_a_count_in_a_locked_month_is_not_asked_about(manager, company, day, by):
    close_day(day, counts=None, by=by)
    lock_month(company, DAY.replace(day=1), by=by, today=DAY + timedelta(days=40))

    assert "provisional" not in names_for(manager)


def test_alike_things_of_many_stores_are_one_need(admin, untidy, kichijoji, by):
    kichijoji.registers.create(number=1)
    for date in (DAY, BEFORE):
        close_day(open_day(kichijoji, date, by=by, today=DAY), counts=None, by=by)

    (need,) = needs(admin, "provisional")

    assert (need.place, need.days, need.oldest, need.latest, need.page) == (
        "渋谷店・吉祥寺店", 3, BEFORE, DAY, "/days/?state=PROVISIONAL&store="
    )  # fmt: skip


def test_of_many_stores_two_are_named(admin, company, day, by):
    close_day(day, counts=None, by=by)
    for code in ("7", "8", "9"):
        store = company.stores.create(code=code, name=f"{code}号店")
        store.registers.create(number=1)
        close_day(open_day(store, DAY, by=by, today=DAY), counts=None, by=by)

    assert [need.place for need in needs(admin, "provisional")] == ["渋谷店・7号店 ほか2店舗"]


@pytest.mark.parametrize(
    ("name", "pages"),
    [("clerk", [f"/register/?store=0001&date={BEFORE}"]), ("accountant", [f"/days/0001/{BEFORE}/"]), ("rival_admin", [])],
)
def test_a_forgotten_day_leads_to_its_close(request, shibuya, register, by, name, pages):
    open_day(shibuya, BEFORE, by=by, today=DAY)

    assert [need.page for need in needs(request.getfixturevalue(name), "overdue")] == pages


@pytest.mark.parametrize(("name", "is_asked"), [("admin", True), ("accountant", True), ("manager", False), ("rival_admin", False)])
def test_last_month_is_to_be_locked(request, shibuya, register, by, name, is_asked):
    open_day(shibuya, BEFORE, by=by, today=DAY)

    assert bool(needs(request.getfixturevalue(name), "unlocked")) is is_asked


def test_a_locked_month_is_not_asked_for_again(admin, company, shibuya, register, by):
    close_day(open_day(shibuya, BEFORE, by=by, today=DAY), counts=[RegisterCount(1, 0, 0)], by=by)
    lock_month(company, BEFORE.replace(day=1), by=by, today=DAY)

    assert "unlocked" not in names_for(admin)


def test_who_has_nothing_to_do_is_told_so(client, clerk, day):
    assert "いま対応が必要なことはありません。" in sign_in(client, clerk).get("/").content.decode()
