import pytest

from stores.models import AuditEntry, Register, Store
from tests.cast import sign_in


@pytest.fixture
def browser(client, admin):
    return sign_in(client, admin)


STORE = {"code": "0004", "name": "鎌倉店", "closes_at": "05:00", "difference_tolerance": "300"}


def test_an_administrator_registers_a_store(browser, company):
    browser.post("/stores/new/", STORE)

    store = Store.objects.get(code="0004")
    assert (store.company, store.name, store.difference_tolerance) == (company, "鎌倉店", 300)


def test_the_same_code_may_exist_in_another_company_but_not_in_this_one(browser, shibuya, rival_store):
    response = browser.post("/stores/new/", STORE | {"code": "0001"})

    assert response.context["form"].errors == {"code": ["この店舗コードはすでに使われています。"]}


@pytest.mark.parametrize(
    "wrong", [{"code": "日本"}, {"code": ""}, {"closes_at": "99:99"}, {"difference_tolerance": "-1"}, {"name": "あ" * 41}]
)
def test_a_wrong_entry_is_said_at_its_field(browser, wrong):
    response = browser.post("/stores/new/", STORE | wrong)

    assert list(response.context["form"].errors) == list(wrong)


def test_a_stores_name_with_a_character_that_no_book_holds_is_refused_at_its_field(browser, shibuya):
    response = browser.post(f"/stores/{shibuya.pk}/edit/", {"name": "渋谷🌸店", "closes_at": "05:00", "difference_tolerance": "0"})

    assert response.context["form"].errors == {"name": ["「🌸」は弥生で使えない文字です。"]}


def test_a_stores_company_cannot_be_chosen_by_the_browser(browser, company, rival_company):
    browser.post("/stores/new/", STORE | {"company": rival_company.pk})

    assert Store.objects.get(code="0004").company == company


def test_a_stores_code_stays_what_it_was(browser, shibuya):
    browser.post(f"/stores/{shibuya.pk}/edit/", STORE | {"code": "7777", "name": "渋谷本店"})

    shibuya.refresh_from_db()
    assert (shibuya.code, shibuya.name) == ("0001", "渋谷本店")


def test_a_changed_store_is_on_record_with_before_and_after(browser, shibuya, admin):
    browser.post(f"/stores/{shibuya.pk}/edit/", STORE | {"name": "渋谷本店", "difference_tolerance": "500"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.store, entry.changes) == (
        "STORE_CHANGED",
        admin,
        shibuya,
        {"店舗名": ["渋谷店", "渋谷本店"]},
    )


def test_a_change_makes_the_registers_due_for_master_sync(browser, shibuya, register):
    browser.post("/settings/master-sync/")
    browser.post(f"/stores/{shibuya.pk}/edit/", STORE | {"name": "渋谷本店"})

    assert list(Register.objects.due_for_sync()) == [register]


def test_a_retired_store_keeps_its_records_and_can_come_back(browser, shibuya):
    browser.post(f"/stores/{shibuya.pk}/end/")
    assert list(Store.objects.in_use()) == []

    browser.post(f"/stores/{shibuya.pk}/restore/")

    assert list(Store.objects.in_use()) == [shibuya]


def test_the_head_office_cannot_be_retired(browser, head_office):
    assert browser.post(f"/stores/{head_office.pk}/end/").status_code == 404


def test_a_register_belongs_to_the_store_of_its_page(browser, shibuya, kichijoji):
    browser.post(f"/stores/{shibuya.pk}/registers/new/", {"number": "3", "name": "屋台", "store": kichijoji.pk})

    assert Register.objects.get(number=3).store == shibuya


def test_a_pos_number_exists_once_in_a_store(browser, shibuya, register):
    response = browser.post(f"/stores/{shibuya.pk}/registers/new/", {"number": "1", "name": ""})

    assert response.context["form"].errors == {"number": ["このPOS番号はすでに使われています。"]}


def test_a_register_is_renamed_retired_and_brought_back(browser, register):
    browser.post(f"/stores/registers/{register.pk}/edit/", {"name": "入口"})
    browser.post(f"/stores/registers/{register.pk}/end/")
    browser.post(f"/stores/registers/{register.pk}/restore/")

    register.refresh_from_db()
    assert (register.name, register.retired_on) == ("入口", None)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["REGISTER_CHANGED", "REGISTER_RETIRED", "REGISTER_RESTORED"]


def test_master_sync_reaches_the_persons_own_stores_only(client, manager, register, rival_store):
    rival_register = Register.objects.create(store=rival_store, number=1)

    sign_in(client, manager).post("/settings/master-sync/")

    assert list(Register.objects.due_for_sync()) == [rival_register]


def test_master_sync_says_which_register_has_what(client, admin, register, second_register):
    browser = sign_in(client, admin)
    before = browser.get("/settings/master-sync/").content.decode()
    browser.post("/settings/master-sync/")
    after = browser.get("/settings/master-sync/").content.decode()

    states = [(page.count("</svg>未同期"), page.count("</svg>同期済み")) for page in (before, after)]
    assert states == [(2, 0), (0, 2)]


@pytest.mark.parametrize("name", ["clerk", "accountant"])
def test_master_sync_is_for_managers(client, request, register, name):
    response = sign_in(client, request.getfixturevalue(name)).post("/settings/master-sync/")

    assert response.status_code == 403
    assert list(Register.objects.due_for_sync()) == [register]


@pytest.mark.parametrize("path", ["/stores/", "/staff/"])
def test_a_list_is_searched_by_code_and_name(client, admin, manager, clerk, path):
    browser = sign_in(client, admin)

    found = [[row.code for row in browser.get(path, {"words": words}).context["page"]] for words in ("渋谷", "0002", "寺 吉祥", "無い")]

    assert found == {"/stores/": [["0001"], ["0002"], ["0002"], []], "/staff/": [["0101"], [], [], []]}[path]
