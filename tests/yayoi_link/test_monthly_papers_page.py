from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay
from stores.models import AuditEntry, Register, Store
from tests.cast import sign_in
from tests.yayoi_link.paper_month import FOLDER, opened
from tests.yayoi_link.shop import DAY

PAGE = "/days/months/2026-04/papers/"
DOWNLOAD = f"{PAGE}download/?store=&dialect=desktop"


@pytest.fixture
def kamakura(shop, company, delivery):
    """A store of the company that the manager does not see, with a closed day."""
    store = Store.objects.create(company=company, code="0009", name="鎌倉店")
    Register.objects.create(store=store, number=1)
    shop.close(store)
    return store


def downloaded(browser, address=DOWNLOAD):
    return opened(b"".join(browser.get(address).streaming_content))


def text_of(response):
    return response.content.decode()


def test_the_page_says_what_is_unproven_before_anybody_downloads(client, accountant, april):
    page = text_of(sign_in(client, accountant).get(PAGE))

    assert "閉局していない営業日が1日あります。" in page
    assert "弥生に届いたかどうか分からない連携が1件あります。" in page


@pytest.mark.usefixtures("delivery")
def test_the_papers_are_a_download_with_a_name_of_their_own(client, accountant):
    response = sign_in(client, accountant).get(DOWNLOAD)

    assert response["Content-Type"] == "application/zip"
    assert "%E7%A8%8E%E7%90%86%E5%A3%AB" in response["Content-Disposition"]
    assert "00_表紙.html" in opened(b"".join(response.streaming_content))


@pytest.mark.usefixtures("delivery")
def test_whoever_takes_the_papers_stands_in_the_history(client, accountant):
    downloaded(sign_in(client, accountant))

    entry = AuditEntry.objects.get(action="PAPERS_TAKEN")
    assert (entry.actor, entry.subject, entry.changes["ファイル"]) == (accountant, "2026-04", f"{FOLDER}.zip")


@pytest.mark.usefixtures("kamakura")
def test_a_manager_gets_the_papers_of_assigned_stores_only(client, manager):
    files = downloaded(sign_in(client, manager))

    assert [name for name in files if name.startswith("08")] == ["08_日計/0001_渋谷店/2026-04-01_日計.html"]
    assert not [name for name, text in files.items() if "鎌倉店" in text]
    assert "会社の全店舗ではありません。" in files["00_表紙.html"]


def test_a_manager_does_not_get_another_store_by_asking_for_it(client, manager, kamakura):
    assert sign_in(client, manager).get(f"{PAGE}download/?store={kamakura.pk}&dialect=desktop").status_code == 404


def test_an_accountant_chooses_one_store(client, accountant, kamakura):
    files = downloaded(sign_in(client, accountant), f"{PAGE}download/?store={kamakura.pk}&dialect=online")

    assert [name for name in files if name.startswith(("07", "08"))] == [
        "08_日計/0009_鎌倉店/2026-04-01_日計.html",
        "07_弥生インポート形式/yayoi-1000-0009-20260401-online.csv",
    ]


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("address", [PAGE, DOWNLOAD])
def test_of_another_companys_month_there_is_nothing(client, rival_admin, rival_store, address):
    assert sign_in(client, rival_admin).get(address).status_code == 404


def test_an_outsider_does_not_get_a_store_by_asking_for_it(client, rival_admin, rival_store, april):
    BusinessDay.objects.create(store=rival_store, date=DAY, opened_at="2026-04-01T09:00Z")

    assert sign_in(client, rival_admin).get(f"{PAGE}download/?store={april.pk}&dialect=desktop").status_code == 404
    assert "渋谷店" not in text_of(client.get(f"{PAGE}?store={april.pk}&dialect=desktop"))


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("address", [PAGE, DOWNLOAD])
def test_a_clerk_may_not(client, clerk, address):
    assert sign_in(client, clerk).get(address).status_code == 403


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("month", ["2026-13", "2026-00", "0000-01", "2026-05"])
def test_a_month_that_is_none_or_has_no_day_is_no_page(client, accountant, month):
    assert sign_in(client, accountant).get(f"/days/months/{month}/papers/").status_code == 404


@pytest.mark.usefixtures("delivery", "kichijoji")
def test_only_stores_that_were_open_in_the_month_can_be_chosen(client, accountant):
    page = text_of(sign_in(client, accountant).get(PAGE))

    assert ("渋谷店" in page, "吉祥寺店" in page) == (True, False)


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize("query", ["?dialect=abacus", "?store=x", "?store=999999&dialect=desktop", ""])
def test_a_choice_that_makes_no_sense_downloads_nothing(client, accountant, query):
    browser = sign_in(client, accountant)

    assert browser.get(f"{PAGE}download/{query}").status_code == 404
    assert browser.get(f"{PAGE}{query}").status_code == 200


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
