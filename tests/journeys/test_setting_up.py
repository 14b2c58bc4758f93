"""Manual 2-1 and 2-2, word for word."""

import pytest

from tests.journeys.portal_pages import answer_question, open_link_settings, register_link, sign_in
from tests.yayoi_link.sandbox.pages import issue_link


def test_a_link_issued_at_yayoi_is_registered_and_never_shown_again(portal, chain, page, bookkeepers_page):
    link = issue_link(bookkeepers_page, portal.sandbox_url, account="弥生を使う人")
    sign_in(page, portal, chain.manager)

    open_link_settings(page)
    register_link(page, chain.store, link)

    page.get_by_text("登録しました。マスタ同期を実施してください。").wait_for()
    field = page.get_by_label("渋谷店の接続先リンク")
    assert (field.input_value(), field.get_attribute("placeholder")) == ("", f"127.0.0.1 …{link[-4:]}")
    assert page.get_by_role("switch", name="渋谷店の連携状態").is_checked()
    assert link not in page.content()


def test_after_registering_the_masters_are_synchronised(portal, chain, page):
    sign_in(page, portal, chain.manager)
    open_link_settings(page)
    register_link(page, chain.store, "https://smart-import.example/abc")

    page.get_by_role("link", name="マスタ同期へ").click()
    page.get_by_role("button", name="マスタ同期").click()
    answer_question(page, "マスタ同期を実施します。よろしいですか。")

    page.get_by_text("マスタ同期を実施しました。").wait_for()
    assert page.get_by_role("cell", name="同期済み").count() == 1


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("ftp://smart-import.example/abc", "「https://」で始まるリンクだけを登録できます。"),
        ("https://smart-import.example/a bc", "接続先リンクの途中に空白か改行が入っています。"),
    ],
    ids=["scheme", "blank"],
)
def test_a_wrong_link_is_refused_at_its_field_in_words(portal, chain, page, link, reason):
    sign_in(page, portal, chain.manager)
    open_link_settings(page)

    register_link(page, chain.store, link)

    page.get_by_text("まだ登録していません。").wait_for()
    assert reason in page.get_by_role("cell").filter(has=page.get_by_label("渋谷店の接続先リンク")).inner_text()
