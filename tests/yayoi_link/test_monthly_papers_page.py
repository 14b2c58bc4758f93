from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay
from stores.jobs import run_job
from stores.models import AuditEntry, Job, Register, Store
from tests.cast import sign_in
from tests.yayoi_link.paper_month import FOLDER, opened
from tests.yayoi_link.shop import DAY

PAGE = "/days/months/2026-04/papers/"
MAKE = f"{PAGE}make/"
EVERYTHING = {"store": "", "dialect": "desktop"}


@pytest.fixture
def kamakura(shop, company, delivery):
    """A store of the company that the manager does not see, with a closed day."""
    store = Store.objects.create(company=company, code="0009", name="鎌倉店")
    Register.objects.create(store=store, number=1)
    shop.close(store)
    return store


def ordered(browser, wish=EVERYTHING):
    """Press 「資料を作る」, let a worker make them, and return the address of the job's page."""
    address = browser.post(MAKE, wish)["Location"]
    run_job(Job.objects.latest("pk").pk)
    return address


def downloaded(browser, wish=EVERYTHING):
    return opened(browser.get(f"{ordered(browser, wish)}file/").content)


def text_of(response):
    return response.content.decode()


def test_the_page_says_what_is_unproven_before_anybody_downloads(client, accountant, april):
    page = text_of(sign_in(client, accountant).get(PAGE))

    assert "閉局していない営業日が1日あります。" in page
    assert "弥生に届いたかどうか分からない連携が1件あります。" in page


@pytest.mark.usefixtures("delivery")
def test_the_papers_are_a_download_with_a_name_of_their_own(client, accountant):
    address = ordered(sign_in(client, accountant))

    response = client.get(f"{address}file/")

    assert response["Content-Type"] == "application/zip"
    assert "%E7%A8%8E%E7%90%86%E5%A3%AB" in response["Content-Disposition"]
    assert "00_表紙.html" in opened(response.content)
    assert f"{FOLDER}.zip" in text_of(client.get(address))


@pytest.mark.usefixtures("delivery")
def test_whoever_has_the_papers_made_stands_in_the_history(client, accountant):
    ordered(sign_in(client, accountant))

    entry = AuditEntry.objects.get(action="PAPERS_TAKEN")
    assert (entry.actor, entry.subject, entry.changes["ファイル"]) == (accountant, "2026-04", f"{FOLDER}.zip")


@pytest.mark.usefixtures("kamakura")
def test_a_manager_gets_the_papers_of_assigned_stores_only(client, manager):
    files = downloaded(sign_in(client, manager))

    assert [name for name in files if name.startswith("09")] == ["09_日計/0001_渋谷店/2026-04-01_日計.html"]
    assert not [name for name, text in files.items() if "鎌倉店" in text]
    assert "会社の全店舗ではありません。" in files["00_表紙.html"]


def test_a_manager_does_not_get_another_store_by_asking_for_it(client, manager, kamakura):
    response = sign_in(client, manager).post(MAKE, EVERYTHING | {"store": kamakura.pk})

    assert (response["Location"], Job.objects.count()) == (f"{PAGE}?store={kamakura.pk}&dialect=desktop", 0)
    assert "鎌倉店" not in text_of(client.get(response["Location"]))


def test_an_accountant_chooses_one_store(client, accountant, kamakura):
    files = downloaded(sign_in(client, accountant), {"store": kamakura.pk, "dialect": "online"})

    assert [name for name in files if name.startswith(("08", "09"))] == [
        "09_日計/0009_鎌倉店/2026-04-01_日計.html",
        "08_弥生インポート形式/yayoi-1000-0009-20260401-online.csv",
    ]


@pytest.mark.usefixtures("delivery", "rival_store")
def test_of_another_companys_month_there_is_nothing(client, rival_admin):
    browser = sign_in(client, rival_admin)

    assert (browser.get(PAGE).status_code, browser.post(MAKE, EVERYTHING).status_code, Job.objects.count()) == (404, 404, 0)


def test_an_outsider_does_not_get_a_store_by_asking_for_it(client, rival_admin, rival_store, april):
    BusinessDay.objects.create(store=rival_store, date=DAY, opened_at="2026-04-01T09:00Z")

    sign_in(client, rival_admin).post(MAKE, EVERYTHING | {"store": april.pk})

    assert not Job.objects.exists()
    assert "渋谷店" not in text_of(client.get(f"{PAGE}?store={april.pk}&dialect=desktop"))


@pytest.mark.usefixtures("delivery")
def test_a_clerk_may_not(client, clerk):
    browser = sign_in(client, clerk)

    assert (browser.get(PAGE).status_code, browser.post(MAKE, EVERYTHING).status_code, Job.objects.count()) == (403, 403, 0)


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("month", ["2026-13", "2026-00", "0000-01", "2026-05"])
def test_a_month_that_is_none_or_has_no_day_is_no_page(client, accountant, month):
    assert sign_in(client, accountant).get(f"/days/months/{month}/papers/").status_code == 404


@pytest.mark.usefixtures("delivery", "kichijoji")
def test_only_stores_that_were_open_in_the_month_can_be_chosen(client, accountant):
    page = text_of(sign_in(client, accountant).get(PAGE))

    assert ("渋谷店" in page, "吉祥寺店" in page) == (True, False)


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("wish", [{"dialect": "abacus"}, {"store": "x"}, {"store": "999999", "dialect": "desktop"}, {}])
def test_a_choice_that_makes_no_sense_makes_nothing_and_is_said_at_its_field(client, accountant, wish):
    page = sign_in(client, accountant).post(MAKE, wish, follow=True)

    assert (page.status_code, "is-invalid" in text_of(page), Job.objects.count()) == (200, True, 0)


@pytest.mark.usefixtures("delivery")
def test_looking_at_the_chosen_stores_makes_nothing(client, accountant):
    response = sign_in(client, accountant).post(MAKE, EVERYTHING | {"look": "1"})

    assert (response["Location"], Job.objects.count()) == (f"{PAGE}?store=&dialect=desktop", 0)


@pytest.mark.usefixtures("delivery")
def test_pressing_twice_makes_the_papers_once(client, accountant):
    addresses = {sign_in(client, accountant).post(MAKE, EVERYTHING)["Location"] for _press in range(2)}

    assert (len(addresses), Job.objects.count(), AuditEntry.objects.filter(action="PAPERS_TAKEN").count()) == (1, 1, 1)


@pytest.mark.usefixtures("delivery")
def test_the_page_leads_to_the_papers_that_its_person_had_made(client, accountant, admin):
    address = ordered(sign_in(client, accountant))

    assert f'href="{address}"' in text_of(client.get(PAGE))
    assert address not in text_of(sign_in(client, admin).get(PAGE))


@pytest.mark.usefixtures("delivery")
def test_nobody_else_gets_what_a_person_had_made(client, accountant, admin):
    address = ordered(sign_in(client, accountant))

    assert sign_in(client, admin).get(f"{address}file/").status_code == 404


@pytest.mark.usefixtures("delivery")
def test_papers_of_a_store_that_was_taken_from_a_manager_are_not_his_any_more(client, manager, kichijoji):
    address = ordered(sign_in(client, manager))
    manager.stores.set([kichijoji])

    assert sign_in(client, manager).get(f"{address}file/").status_code == 404


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("address", ["/days/months/", "/days/calendar/?month=2026-04"])
@pytest.mark.parametrize(("person", "is_led_there"), [("accountant", True), ("manager", True), ("clerk", False)])
def test_the_pages_of_a_month_lead_to_its_papers(client, request, person, is_led_there, address):
    page = text_of(sign_in(client, request.getfixturevalue(person)).get(address))

    assert (PAGE in page) is is_led_there


@pytest.mark.usefixtures("delivery")
def test_an_empty_calendar_leads_to_no_papers(client, accountant):
    assert "papers" not in text_of(sign_in(client, accountant).get("/days/calendar/?month=2026-05"))


def test_the_page_costs_no_more_queries_for_more_days(client, accountant, shop, linked, delivery):
    browser = sign_in(client, accountant)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE).status_code == 200
        return len(captured)

    for_one = queries()
    for number in (2, 3):
        shop.close(linked, date(2026, 4, number))

    assert queries() == for_one
