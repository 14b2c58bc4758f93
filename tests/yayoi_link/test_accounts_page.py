import pytest

from closing.models import CashReason
from tests.cast import sign_in
from tests.yayoi_link.shop import DAY
from yayoi_link.accounts import TaxAccounting
from yayoi_link.company_accounts import company_settings, store_choices
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


def test_everything_goes_back_to_the_defaults(admins, company):
    admins.post(PAGE, typed(admins, **{"overage-account": "受取手数料", "tax_accounting": "EXCLUSIVE"}))

    admins.post("/settings/accounts/reset/?on=2026-04-01")

    saved = company_settings(company, on=DAY)
    assert (saved.choices, saved.tax_accounting) == ({}, TaxAccounting.EXCLUSIVE)


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
