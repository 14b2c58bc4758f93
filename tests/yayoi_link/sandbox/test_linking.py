import re

from tests.yayoi_link.sandbox.running import Visitor


def test_the_manual_leads_to_a_link_in_its_own_words(visitor):
    assert "連携先を追加する" in visitor.get("/services/").text
    assert re.search(r"USENレジ.*連携する", visitor.get("/services/add/").text, re.DOTALL)
    assert re.search(r"新しい認証を追加.*次へ", visitor.get("/services/usen-regi/").text, re.DOTALL)
    assert re.search(r"アカウント.*パスワード", visitor.post("/services/usen-regi/", authentication="new").text, re.DOTALL)
    consent = visitor.post("/sign-in/?next=/services/usen-regi/consent/", account="manual", password="regi-demo")
    assert re.search(r"注意事項.*同意の上連携する", consent.text, re.DOTALL)
    assert "事業所データ/サービス" in visitor.post("/services/usen-regi/consent/").text

    link = visitor.issue_link()

    assert link.address.startswith(f"{visitor.sandbox.url}/smart-import/")
    assert re.search(r"完了.*OK", visitor.get(f"/links/{link.pk}/").text, re.DOTALL)


def test_the_same_link_is_shown_again_from_the_list(link):
    services = link.owner.get("/services/").text
    assert re.search(r"連携済みのサービス一覧.*連携設定", services, re.DOTALL)

    page = link.owner.post(f"/services/usen-regi/?link={link.pk}", authentication=link.pk)

    assert f'value="{link.address}"' in page.text


def test_each_new_authentication_has_a_link_of_its_own(bookkeeper):
    assert bookkeeper.issue_link().address != bookkeeper.issue_link().address


def test_nobody_gets_a_link_without_consent(bookkeeper):
    page = bookkeeper.post("/services/usen-regi/office/", office="1")

    assert page.url.endswith("/services/usen-regi/consent/")


def test_a_known_account_opens_with_its_own_password_only(link, visitor):
    account = re.search(r"</svg>(account-\d+)", link.owner.get("/services/").text)[1]

    assert "このアカウントのパスワードではありません。" in visitor.sign_in(account, "something else").text
    visitor.sign_in(account)
    assert "渋谷店" in visitor.get("/services/").text


def test_another_account_sees_nothing_of_a_link(sandbox, link):
    stranger = Visitor(sandbox)
    stranger.sign_in("a stranger")

    pages = [f"/links/{link.pk}/", f"/links/{link.pk}/answers/", f"/links/{link.pk}/postings/"]

    assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
    assert "渋谷店" not in stranger.get("/services/").text


def test_pages_with_rows_ask_for_the_account_first(visitor):
    assert visitor.get("/transactions/").url.endswith("/sign-in/?next=/transactions/")


def test_signing_in_leads_to_no_other_host(visitor):
    page = visitor.post("/sign-in/?next=https://example.com/", account="careful", password="regi-demo")

    assert page.url == f"{visitor.sandbox.url}/transactions/"
