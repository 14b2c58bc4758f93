import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from stores.models import AuditEntry, Register, Store
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK, TOKEN
from yayoi_link.forms.links import LinkForm
from yayoi_link.link_words import PROBLEMS
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import YayoiLink

PAGE = "/settings/yayoi/"
NEW_LINK = "https://smart-import.example/link/another-one/9z8y"


def row(store, *, seen=None, **typed):
    """What the page sends of one store, as it was shown unless `typed` says otherwise."""
    shown = LinkForm(store=Store.objects.select_related("yayoi_link").get(pk=store.pk))
    answers = {"seen": shown.initial["seen"] if seen is None else seen, "starts_on": shown.initial["starts_on"] or ""}
    answers |= {"is_enabled": "on"} if shown.initial["is_enabled"] else {}
    answers |= typed
    return {f"store-{store.pk}-{name}": value for name, value in answers.items() if value is not None}


def page_of(browser, posted=None):
    response = browser.get(PAGE) if posted is None else browser.post(PAGE, posted, follow=True)
    return response.content.decode()


@pytest.fixture
def managers(client, manager):
    return sign_in(client, manager)


def test_a_link_is_registered_and_switched_on(managers, shibuya):
    page = page_of(managers, row(shibuya, is_enabled="on", url=f"  {LINK}\n", starts_on="2026-04-01"))

    link = YayoiLink.objects.get(store=shibuya)
    assert "登録しました。マスタ同期を実施してください。" in page
    assert (link.is_enabled, link.open_url().reveal(), str(link.starts_on)) == (True, LINK, "2026-04-01")
    assert shibuya.master_version < Store.objects.get(pk=shibuya.pk).master_version


def test_the_field_shows_host_and_last_four_characters_only(managers, linked):
    page = page_of(managers)

    assert 'placeholder="smart-import.example …1a2b"' in page
    assert (TOKEN in page, "https://smart-import.example" in page) == (False, False)


def test_an_empty_field_keeps_the_link(managers, linked):
    page_of(managers, row(linked, starts_on="2026-05-01", url=""))

    link = YayoiLink.objects.get()
    assert (link.open_url().reveal(), link.version, str(link.starts_on)) == (LINK, 1, "2026-05-01")


def test_a_link_is_removed_by_its_own_box_and_switched_off(managers, linked):
    page_of(managers, row(linked, is_removed="on"))

    link = YayoiLink.objects.get()
    assert (link.has_link, link.is_enabled, link.version) == (False, False, 2)


def test_a_new_link_and_the_removal_of_the_old_one_contradict_each_other(managers, linked):
    page = page_of(managers, row(linked, is_removed="on", url=NEW_LINK))

    assert "チェックを外してください" in page
    assert YayoiLink.objects.get().version == 1


@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("http://smart-import.example/x y", "BLANK"),
        ("ftp://smart-import.example/x", "SCHEME"),
        ("smart-import.example/x", "NOT_A_LINK"),
        ("https://a:b@smart-import.example/x", "USER_INFO"),
        ("https://smart-import.example/x#y", "FRAGMENT"),
        ("https://10.0.0.1/x", "ADDRESS"),
        ("https://smart-import.example/" + "x" * 2048, "TOO_LONG"),
    ],
)
def test_a_text_that_is_no_link_is_refused_with_the_reason(managers, shibuya, pasted, problem):
    page = page_of(managers, row(shibuya, url=pasted))

    assert (str(PROBLEMS[problem]) in page, pasted in page) == (True, False)
    assert not YayoiLink.objects.exists()


def test_what_else_was_typed_survives_a_mistake_but_links_must_be_pasted_again(managers, shibuya, kichijoji):
    page = page_of(managers, row(shibuya, url="nonsense") | row(kichijoji, url=NEW_LINK, is_enabled="on", starts_on="2026-06-01"))

    assert page.count("もう一度貼り付けてください。</span>") >= 2
    assert ('value="2026-06-01"' in page, "another-one" in page) == (True, False)
    assert not YayoiLink.objects.exists()


def test_a_store_is_not_switched_on_without_a_link(managers, shibuya):
    page = page_of(managers, row(shibuya, is_enabled="on"))

    assert "連携状態をONにするには、接続先リンクを入力してください。" in page
    assert not YayoiLink.objects.exists()


def test_a_date_that_is_none_is_told_at_its_field(managers, linked):
    response = managers.post(PAGE, row(linked, starts_on="2026-02-31"))

    (shown,) = [row["form"] for row in response.context["rows"] if row["form"].store == linked]
    assert list(shown.errors) == ["starts_on"]


def test_a_store_lets_its_closes_wait_up_to_an_hour(managers, linked):
    page_of(managers, row(linked, grace_minutes="６０"))

    entry = AuditEntry.objects.filter(action="LINK_REGISTERED").latest("pk")
    assert (YayoiLink.objects.get().grace_minutes, entry.changes["送信猶予（分）"]) == (60, [0, 60])


@pytest.mark.parametrize("typed", ["61", "-1", "半時間"])
def test_a_grace_that_is_none_is_told_at_its_field(managers, linked, typed):
    response = managers.post(PAGE, row(linked, grace_minutes=typed))

    (shown,) = [row["form"] for row in response.context["rows"] if row["form"].store == linked]
    assert list(shown.errors) == ["grace_minutes"]


def test_a_row_that_nobody_touched_undoes_nobodys_change(managers, linked, kichijoji, shop):
    as_shown = row(linked)
    register_links([LinkEntry(linked, is_enabled=False)], by=shop.by)

    page_of(managers, as_shown | row(kichijoji, url=NEW_LINK))

    assert dict(YayoiLink.objects.values_list("store", "is_enabled")) == {linked.pk: False, kichijoji.pk: False}


def test_a_store_that_the_page_did_not_show_is_left_alone(managers, linked, kichijoji):
    page_of(managers, row(kichijoji, url=NEW_LINK))

    assert YayoiLink.objects.get(store=linked).is_enabled


def test_registering_is_in_the_history_without_the_link(managers, shibuya, manager):
    page_of(managers, row(shibuya, is_enabled="on", url=LINK))

    entry = AuditEntry.objects.get(action="LINK_REGISTERED")
    assert (entry.actor, entry.store, entry.changes["連携状態"]) == (manager, shibuya, ["OFF", "ON"])
    assert entry.changes["接続先リンク"] == [" v0", "smart-import.example …1a2b v1"]


def test_two_stores_with_the_same_link_are_told(managers, linked, kichijoji):
    page = page_of(managers, row(kichijoji, url=LINK))

    assert ("渋谷店と同じ接続先リンクです" in page, "吉祥寺店と同じ接続先リンクです" in page) == (True, True)


def test_a_store_that_the_reader_does_not_see_is_not_named(managers, company, linked, shop):
    kamakura = Store.objects.create(company=company, code="0003", name="鎌倉店")
    shop.link(kamakura, LINK)

    page = page_of(managers)

    assert ("ほかの店舗と同じ接続先リンクです" in page, "鎌倉店" in page) == (True, False)


def test_another_companys_use_of_the_link_is_never_told(managers, linked, rival_store, shop):
    shop.link(rival_store, LINK)

    assert "同じ接続先リンクです" not in page_of(managers)


def test_a_host_that_never_answered_is_told_until_it_has(managers, delivery):
    note = "smart-import.example には、まだ一度も連携していません"
    before = page_of(managers)

    fates.deliver_it(delivery)

    assert (note in before, note in page_of(managers)) == (True, False)


@pytest.mark.parametrize("role", ["clerk", "accountant"])
def test_others_see_the_state_and_nothing_of_the_link(client, linked, role, request):
    browser = sign_in(client, request.getfixturevalue(role))

    page = page_of(browser)

    assert [word in page for word in ("登録済み", "登録と変更ができるのは企業管理者、店長です")] == [True, True]
    assert [word in page for word in ("1a2b", "smart-import.example", 'name="store-')] == [False, False, False]


@pytest.mark.parametrize("role", ["clerk", "accountant"])
def test_others_are_told_who_may_register(client, linked, role, request):
    browser = sign_in(client, request.getfixturevalue(role))

    response = browser.post(PAGE, row(linked, is_removed="on"))

    assert (response.status_code, "企業管理者、店長" in response.content.decode()) == (403, True)
    assert YayoiLink.objects.get().has_link


def test_nobody_registers_a_link_for_another_company(client, rival_admin, linked):
    browser = sign_in(client, rival_admin)

    page_of(browser, row(linked, is_removed="on"))

    assert YayoiLink.objects.get().has_link


def test_the_page_is_kept_nowhere(managers, linked):
    response = managers.get(PAGE)

    assert "no-store" in response.headers["Cache-Control"]
    assert 'autocomplete="off"' in response.content.decode()


def test_three_stores_cost_no_more_queries_than_one(admin, company, shop, linked):
    browser = sign_in(Client(), admin)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        return len(queries)

    for_one = queries()
    for number in (5, 6):
        store = Store.objects.create(company=company, code=f"000{number}", name="支店")
        Register.objects.create(store=store, number=1)
        shop.link(store, LINK)
    assert queries() == for_one


@given(st.text(max_size=300) | st.text(max_size=60).map("https://{}".format))
def test_whatever_is_pasted_the_form_answers(text):
    link = YayoiLink(store=Store(pk=1, name="渋谷店"))
    form = LinkForm({"store-1-seen": "OFF", "store-1-url": text}, store=link.store)

    form.is_valid()

    assert "url" in form.cleaned_data or form.errors["url"]
