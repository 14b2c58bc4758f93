import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import CashReason, PaymentMethod
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.accounts import TaxAccounting
from yayoi_link.company_accounts import AccountSettings, company_settings, mapping_of, store_choices
from yayoi_link.models import AccountVersion

PAGE = "/settings/accounts/?on=2026-04-01"
STORES_PAGE = f"{PAGE}&store=0001"


def text_of(response):
    return response.content.decode()


def typed(client, page=PAGE, **changes):
    """What the page sends by itself, with changes."""
    table = client.get(page).context["table"]
    sent = {}
    for form in (table.version, *table.rows):
        for field in form:
            value = field.value()
            if value not in (False, None):
                sent[field.html_name] = "on" if value is True else value
    return sent | changes


@pytest.fixture
def admins(client, shop, admin):
    return sign_in(client, admin)


def test_the_page_shows_the_defaults(admins):
    page = text_of(admins.get(PAGE))

    assert [word in page for word in ("売上高", "売掛金", "現金過不足", "税込経理", "支払方法: 現金", "課税売返込10%")] == [True] * 6


def test_what_nobody_changed_is_not_written_down(admins, company):
    response = admins.post(PAGE, typed(admins))

    assert (response.status_code, company_settings(company, on=DAY).choices) == (302, {})


def test_an_account_and_the_way_of_keeping_books_are_saved(admins, company):
    admins.post(PAGE, typed(admins, **{"sales-STANDARD_10-account": "店頭売上高", "tax_accounting": "EXCLUSIVE"}))

    saved = company_settings(company, on=DAY)
    assert ({line: choice.account for line, choice in saved.choices.items()}, saved.tax_accounting) == (
        {"sales/STANDARD_10": "店頭売上高"},
        TaxAccounting.EXCLUSIVE,
    )


def test_a_store_saves_only_what_it_has_otherwise(admins, shibuya):
    admins.post(PAGE, typed(admins, **{"overage-account": "受取手数料"}))
    admins.post(STORES_PAGE, typed(admins, STORES_PAGE, **{"sales-STANDARD_10-account": "渋谷売上高"}))

    assert {line: choice.account for line, choice in store_choices(shibuya, on=DAY).items()} == {"sales/STANDARD_10": "渋谷売上高"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("あ" * 12, None),
        ("あ" * 12 + "A", "半角24桁までです（全角は2桁。いま25桁）。"),
        ("ﾚｼﾞ" * 8, None),
        ("売上🌸", "「🌸」は弥生で使えない文字です。"),
    ],
)
def test_a_name_that_yayoi_cannot_hold_is_refused_at_its_field(admins, name, message):
    response = admins.post(PAGE, typed(admins, **{"overage-account": name}))

    errors = [] if response.status_code == 302 else [row.errors["account"] for row in response.context["table"].rows if row.errors]
    assert errors == ([[message]] if message else [])


def test_a_real_day_is_previewed_without_saving(admins, delivery):
    sent = typed(
        admins, **{"sales-STANDARD_10-account": "店頭売上高", "preview-store": "0001", "preview-day": "2026-04-01", "preview": "1"}
    )

    page = text_of(admins.post(PAGE, sent))

    assert [word in page for word in ("店頭売上高", "現金売上10% 渋谷店 #0001-260401-1", "日計の支払合計 ¥1,100 と一致")] == [True] * 3
    assert not AccountVersion.objects.exists()


def test_a_preview_follows_the_way_of_keeping_books_that_was_typed(admins, delivery):
    sent = typed(admins, tax_accounting="EXCLUSIVE", preview="1") | {"preview-store": "0001", "preview-day": "2026-04-01"}

    [part] = admins.post(PAGE, sent).context["previewed"]["sheet"].parts

    assert [(entry.counter.tax_category, entry.tax_amount) for entry in part.entries] == [("課税売上内10%", 100)]


def test_what_is_missing_is_listed(admins, company):
    CashReason.objects.create(company=company, code="0009", name="寸志", for_paid_out=True)

    assert [("入出金: 寸志" in admins.get(PAGE).context["missing"]), "勘定科目が決まっていない" in text_of(admins.get(PAGE))] == [
        True,
        True,
    ]


def test_simplified_taxation_names_the_categories_without_a_kind_of_business(admins):
    admins.post(PAGE, typed(admins, is_simplified="on", **{"sales-STANDARD_10-business_type": "四"}))

    assert admins.get(PAGE).context["without_business_type"] == ["売上: 8%対象（軽減）"]


def test_everything_goes_back_to_the_defaults(admins, company):
    admins.post(PAGE, typed(admins, **{"overage-account": "受取手数料", "tax_accounting": "EXCLUSIVE"}))

    admins.post("/settings/accounts/reset/?on=2026-04-01")

    saved = company_settings(company, on=DAY)
    assert (saved.choices, saved.tax_accounting) == ({}, TaxAccounting.EXCLUSIVE)


def test_a_store_goes_back_to_what_its_company_has(admins, company, shibuya):
    admins.post(PAGE, typed(admins, **{"overage-account": "受取手数料"}))
    admins.post(STORES_PAGE, typed(admins, STORES_PAGE, **{"overage-account": "渋谷雑収入"}))

    page = text_of(admins.post("/settings/accounts/reset/?on=2026-04-01&store=0001", follow=True))

    assert ("企業の設定に戻しました。" in page, store_choices(shibuya, on=DAY), mapping_of(shibuya, on=DAY).overage.name) == (
        True,
        {},
        "受取手数料",
    )


def withdraw(browser, version):
    return browser.post(f"/settings/accounts/versions/{version.pk}/withdraw/")


def test_settings_that_apply_to_no_day_yet_are_withdrawn(admins, company, delivery):
    later = f"/settings/accounts/?on={NEXT_DAY}"
    admins.post(later, typed(admins, later, **{"overage-account": "受取手数料", "tax_accounting": "EXCLUSIVE"}))

    page = admins.get(later)
    withdraw(admins, AccountVersion.objects.get())

    assert "取り消す（まだ使っていません）" in text_of(page)
    assert company_settings(company, on=NEXT_DAY) == AccountSettings()
    written = AuditEntry.objects.get(action="ACCOUNTS_WITHDRAWN")
    assert written.changes == {"金券等差額": ["受取手数料", "指定なし"], "経理方式": ["税抜経理", "税込経理"]}


def test_settings_of_an_opened_day_are_not_withdrawn(admins, delivery):
    admins.post(PAGE, typed(admins, **{"overage-account": "受取手数料"}))

    page = admins.get(PAGE)
    withdraw(admins, AccountVersion.objects.get())

    assert ("取り消す" in text_of(page), AccountVersion.objects.count()) == (False, 1)
    assert "この設定の営業日がすでに開局されているため、取り消せません。" in text_of(admins.get(PAGE))


def test_a_store_s_settings_are_withdrawn_while_the_store_itself_has_not_opened(admins, delivery, kichijoji):
    page = f"{PAGE}&store={kichijoji.code}"
    admins.post(page, typed(admins, page, **{"overage-account": "受取手数料"}))

    withdraw(admins, AccountVersion.objects.get())

    assert not AccountVersion.objects.exists()


def test_a_version_is_withdrawn_once(admins, company, delivery):
    later = f"/settings/accounts/?on={NEXT_DAY}"
    admins.post(later, typed(admins, later, **{"overage-account": "受取手数料"}))
    version = AccountVersion.objects.get()

    assert [withdraw(admins, version).status_code for _press in range(2)] == [302, 404]


def test_only_its_own_administrators_withdraw_a_version(client, admin, manager, rival_admin, shop, company):
    version = AccountVersion.objects.create(company=company, applies_from=DAY, changed_by=admin, changed_at="2026-04-01T09:00Z")

    answers = [withdraw(sign_in(client, person), version).status_code for person in (manager, rival_admin)]

    assert (answers, AccountVersion.objects.count()) == ([403, 404], 1)


def test_a_manager_reads_and_cannot_change(client, shop, manager):
    sign_in(client, manager)

    page = client.get(PAGE)
    response = client.post(PAGE, {"applies_from": "2026-04-01", "tax_accounting": "EXCLUSIVE"})

    assert ("変更できるのは企業管理者です" in text_of(page), response.status_code) == (True, 403)
    assert not AccountVersion.objects.exists()


def test_a_clerk_has_no_business_here(client, clerk):
    assert sign_in(client, clerk).get(PAGE).status_code == 403


def test_another_company_s_store_does_not_exist(client, shibuya, register, rival_company, rival_admin):
    assert sign_in(client, rival_admin).get(STORES_PAGE).status_code == 404


def row_named(response, line):
    return next(row for row in response.context["table"].rows if row.line == line)


def tax_categories_shown(response, line="sales/STANDARD_10"):
    row = row_named(response, line)
    return [row.fields[name].widget.attrs["placeholder"] for name in ("tax_category", "returned_tax_category")]


@pytest.mark.parametrize(
    ("kept", "of_company", "of_store", "shown"),
    [
        ({"is_simplified": "on"}, "二", "四", ["課税売上込四10%", "課税売返込四10%"]),
        ({"is_simplified": "on"}, "二", "二", ["課税売上込二10%", "課税売返込二10%"]),
        ({"is_simplified": "on", "tax_accounting": "EXCLUSIVE"}, "二", "四", ["課税売上内四10%", "課税売返内四10%"]),
        ({"tax_accounting": "NONE"}, "二", "四", ["対象外", "対象外"]),
        ({}, "二", "四", ["課税売上込10%", "課税売返込10%"]),
    ],
)
def test_a_store_shows_the_tax_categories_that_its_company_s_way_and_its_own_business_make(admins, kept, of_company, of_store, shown):
    admins.post(PAGE, typed(admins, **kept, **{"sales-STANDARD_10-business_type": of_company}))

    admins.post(STORES_PAGE, typed(admins, STORES_PAGE, **{"sales-STANDARD_10-business_type": of_store}))

    assert tax_categories_shown(admins.get(STORES_PAGE)) == shown


def test_the_tax_categories_follow_what_is_being_typed(admins, delivery):
    sent = typed(admins, tax_accounting="EXCLUSIVE", preview="1") | {"preview-store": "0001", "preview-day": "2026-04-01"}

    assert tax_categories_shown(admins.post(PAGE, sent)) == ["課税売上内10%", "課税売返内10%"]


def test_a_method_without_an_account_shows_the_one_of_its_kind(admins, company):
    PaymentMethod.objects.create(company=company, code="VISA", name="VISA", kind="CREDIT")

    admins.post(PAGE, typed(admins, **{"money-CREDIT-account": "未収入金"}))

    fields = row_named(admins.get(PAGE), "method/VISA").fields
    assert [fields[name].widget.attrs["placeholder"] for name in ("account", "sub_account")] == ["未収入金", "VISA"]


@pytest.mark.parametrize("line", ["money/CREDIT", "method/CASH", "sales/EXPORT", "overage", "over_short", "reason/0003"])
def test_any_line_can_be_left_out_and_sent_again(admins, company, line):
    CashReason.objects.create(company=company, code="0003", name="消耗品", for_paid_out=True, account="消耗品費")
    ticked = f"{line.replace('/', '-')}-is_sent"

    admins.post(PAGE, {name: value for name, value in typed(admins).items() if name != ticked})
    left_out = company_settings(company, on=DAY).choices
    admins.post(PAGE, typed(admins, **{ticked: "on"}))

    assert ({name: choice.is_sent for name, choice in left_out.items()}, company_settings(company, on=DAY).choices) == ({line: False}, {})


def test_a_method_is_sent_as_its_kind_until_it_says_otherwise(admins, company, shibuya):
    PaymentMethod.objects.create(company=company, code="VISA", name="VISA", kind="CREDIT")
    admins.post(PAGE, {name: value for name, value in typed(admins).items() if name != "money-CREDIT-is_sent"})

    follows = row_named(admins.get(PAGE), "method/VISA")["is_sent"].value()
    admins.post(PAGE, typed(admins, **{"method-VISA-is_sent": "on"}))

    mapping = mapping_of(shibuya, on=DAY)
    assert (follows, mapping.sends_payment("CREDIT", "VISA"), mapping.sends_payment("CREDIT", "JCB")) == (False, True, False)


def test_an_account_that_is_emptied_is_the_default_again_and_leaves_the_rest_of_its_line(admins, company):
    admins.post(PAGE, typed(admins, **{"sales-STANDARD_10-account": "店頭売上高"}))

    admins.post(PAGE, typed(admins, **{"sales-STANDARD_10-account": "", "sales-STANDARD_10-tax_category": "課税売上外10%"}))

    [choice] = company_settings(company, on=DAY).choices.values()
    assert (choice.account, choice.tax_category) == ("売上高", "課税売上外10%")


def test_whoever_registers_need_not_choose_a_day_to_preview(admins):
    preview = admins.get(PAGE).context["preview"]

    assert "required" not in str(preview)


def test_a_preview_without_a_day_says_so_at_its_fields(admins):
    response = admins.post(PAGE, typed(admins, preview="1"))

    assert set(response.context["preview"].errors) == {"store", "day"}


def test_the_preview_begins_with_the_latest_day(admins, delivery):
    preview = admins.get(PAGE).context["preview"]

    assert (preview["store"].value(), preview["day"].value()) == ("0001", DAY)


def test_what_is_not_sent_is_named_in_the_preview_with_the_proof(admins, delivery):
    sent = typed(admins, preview="1") | {"preview-store": "0001", "preview-day": "2026-04-01"}
    del sent["sales-STANDARD_10-is_sent"]

    page = text_of(admins.post(PAGE, sent))

    assert [words in page for words in ("送らない設定の ¥1,100 と合わせて日計の支払合計 ¥1,100 と一致", "弥生には含まれません")] == [
        True,
        True,
    ]


@pytest.mark.parametrize("line", ["reason/0006", "overage", "over_short", "sales/OUT_OF_SCOPE", "sales/NON_SALES_DEPOSIT"])
def test_every_line_that_is_no_money_has_a_tax_category_of_its_own(admins, company, line):
    CashReason.objects.create(company=company, code="0006", name="自販機手数料", for_paid_in=True, account="雑収入")

    admins.post(PAGE, typed(admins, **{f"{line.replace('/', '-')}-tax_category": "課税売上込10%"}))

    assert {name: choice.tax_category for name, choice in company_settings(company, on=DAY).choices.items()} == {line: "課税売上込10%"}


def test_a_mistake_is_said_above_all_rows_too(admins):
    page = text_of(admins.post(PAGE, typed(admins, **{"overage-account": "売上🌸"})))

    assert "まだ登録していません。" in page


def add_lines(company, codes):
    for code in codes:
        PaymentMethod.objects.create(company=company, code=f"M{code}", name=f"方法{code}", kind="QR")
        CashReason.objects.create(company=company, code=code, name=f"理由{code}", for_paid_out=True)


def test_the_page_needs_the_same_queries_for_one_line_and_for_three(admins, company, django_assert_num_queries):
    add_lines(company, ["0001"])
    admins.post(PAGE, typed(admins, **{"overage-account": "受取手数料"}))
    with CaptureQueriesContext(connection) as first:
        admins.get(STORES_PAGE)
    # Counted now: the next request begins its own list.
    queries = len(first)
    add_lines(company, ["0002", "0003"])
    admins.post("/settings/accounts/?on=2026-05-01", typed(admins, **{"applies_from": "2026-05-01", "reason-0002-account": "雑費"}))

    with django_assert_num_queries(queries):
        page = admins.get(STORES_PAGE)

    assert all(f"方法{code}" in page.text for code in ("0001", "0002", "0003"))
