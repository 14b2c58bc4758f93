import dataclasses
from datetime import date, timedelta

import pytest
from django.utils import translation

from closing.categories import Nature, PaymentKind, TaxCategory
from closing.figures import DayFigures, RegisterCash, SalesLine
from closing.models import CashReason
from stores.models import AuditEntry
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.account_choices import DEFAULTS, Choice, undecided_reasons
from yayoi_link.accounts import TaxAccounting
from yayoi_link.company_accounts import AccountSettings, mapping_of, save_settings
from yayoi_link.journal import JournalContext, journal
from yayoi_link.payload import entries_from_posting

SALES_10 = "sales/STANDARD_10"


@pytest.fixture
def save(shop, company):
    """Return a function that saves choices of the company, or of a store."""

    def save_choices(choices, *, applies_from=DAY, store=None, **settings):
        return save_settings(company, AccountSettings(choices, **settings), store=store, applies_from=applies_from, by=shop.by)

    return save_choices


def sales_account(store, on=DAY):
    return mapping_of(store, on=on).counter_side(TaxCategory.STANDARD_10).name


def accounts_of(store, **figures):
    made = journal(DayFigures(**figures), JournalContext("1000", "0001", store.name, DAY, 1), mapping_of(store, on=DAY))
    return {entry.key: (entry.debit.account, entry.debit.sub_account, entry.credit.account, entry.amount) for entry in made.entries}


def test_a_version_applies_from_its_day_on(save, shibuya):
    save({SALES_10: Choice("店頭売上高")}, applies_from=NEXT_DAY)

    assert [sales_account(shibuya, on=day) for day in (DAY, NEXT_DAY, NEXT_DAY + timedelta(days=30))] == [
        "売上高",
        "店頭売上高",
        "店頭売上高",
    ]


def test_a_store_overrides_its_company_and_no_other_store(save, shibuya, kichijoji):
    save({SALES_10: Choice("店頭売上高"), "overage": Choice("受取手数料")})
    save({SALES_10: Choice("渋谷売上高")}, store=shibuya)

    assert [sales_account(store) for store in (shibuya, kichijoji)] == ["渋谷売上高", "店頭売上高"]
    assert mapping_of(shibuya, on=DAY).overage.name == "受取手数料"


def test_another_company_keeps_its_own_accounts(save, rival_store):
    save({SALES_10: Choice("店頭売上高")})

    assert sales_account(rival_store) == "売上高"


def test_saving_nothing_is_going_back_to_the_defaults(save, shibuya):
    save({SALES_10: Choice("店頭売上高")})
    save({})

    assert sales_account(shibuya) == "売上高"


@pytest.mark.parametrize(
    ("accounting", "business_type", "words"),
    [
        (TaxAccounting.INCLUSIVE, "", ("課税売上込10%", "課税売返込10%")),
        (TaxAccounting.EXCLUSIVE, "四", ("課税売上内四10%", "課税売返内四10%")),
        (TaxAccounting.INCLUSIVE, "二", ("課税売上込二10%", "課税売返込二10%")),
        (TaxAccounting.NONE, "四", ("対象外", "対象外")),
    ],
)
def test_simplified_taxation_writes_the_kind_of_business_into_the_tax_category(save, shibuya, accounting, business_type, words):
    choice = dataclasses.replace(DEFAULTS[SALES_10], business_type=business_type)
    save({SALES_10: choice}, tax_accounting=accounting, is_simplified=True)

    mapping = mapping_of(shibuya, on=DAY)

    assert tuple(mapping.sales_tax_category(TaxCategory.STANDARD_10, nature) for nature in (Nature.SALE, Nature.RETURN)) == words


def test_a_tax_category_of_ones_own_goes_before_the_composed_one(save, shibuya):
    save({SALES_10: dataclasses.replace(DEFAULTS[SALES_10], tax_category="課税売上外10%")})

    assert mapping_of(shibuya, on=DAY).sales_tax_category(TaxCategory.STANDARD_10, Nature.SALE) == "課税売上外10%"


def test_a_method_goes_before_its_kind(save, shibuya):
    save({"method/VISA": Choice("未収入金", "三井カード")})
    line = SalesLine("VISA", "VISA", PaymentKind.CREDIT, TaxCategory.EXEMPT, Nature.SALE, 100, 0)

    assert accounts_of(shibuya, lines=(line,)) == {"sales/VISA/EXEMPT": ("未収入金", "三井カード", "売上高", 100)}


def test_drawer_and_safe_are_posted_only_where_somebody_chose_to(save, shibuya):
    register = RegisterCash(1, opening_float=30_500, float_adjustment=500, cash_sales=10_000, actual_cash=40_500, carry_over=30_000)
    before = accounts_of(shibuya, registers=(register,))
    safe = Choice("現金", "金庫")
    save({"pickup": safe, "float_adjustment": safe, "float": safe})

    assert before == {}
    assert accounts_of(shibuya, registers=(register,)) == {
        "carry_over": ("現金", "金庫", "現金", 30_000),
        "float": ("現金", "レジ", "現金", 30_000),
        "float_adjustment": ("現金", "レジ", "現金", 500),
        "pickup": ("現金", "金庫", "現金", 10_500),
    }


def test_a_cash_difference_need_not_be_sent(save, shibuya):
    save({"over_short": Choice("現金過不足", is_sent=False)})

    assert accounts_of(shibuya, registers=(RegisterCash(1, actual_cash=100),)) == {}


def test_a_reason_without_an_account_is_undecided_until_one_is_chosen(save, company, shibuya):
    CashReason.objects.create(company=company, code="0009", name="その他", for_paid_out=True)
    before = undecided_reasons(mapping_of(shibuya, on=DAY))
    save({"reason/0009": Choice("雑費")})

    assert (before, undecided_reasons(mapping_of(shibuya, on=DAY))) == (("0009",), ())


def test_a_change_never_rewrites_a_frozen_day(save, delivery):
    before = bytes(delivery.body)

    save({SALES_10: Choice("店頭売上高")})

    delivery.refresh_from_db()
    assert bytes(delivery.body) == before
    assert {entry.credit.account for entry in entries_from_posting(before)} == {"売上高"}


def test_a_change_is_written_down_with_before_and_after(save, shibuya):
    save({SALES_10: Choice("店頭売上高")})
    save({SALES_10: Choice("売上高", "店頭")}, applies_from=date(2026, 5, 1))

    entry = AuditEntry.objects.filter(action="ACCOUNTS_CHANGED").order_by("pk").last()
    assert (entry.subject, entry.changes) == ("2026-05-01", {"売上: 10%対象": ["店頭売上高", "売上高／店頭"]})


def test_a_change_of_the_way_of_keeping_books_is_written_down_in_japanese(save, shibuya):
    with translation.override("en"):
        save({"money/QR": Choice("売掛金", per_store=True, is_sent=False)}, tax_accounting=TaxAccounting.EXCLUSIVE, is_simplified=True)

    entry = AuditEntry.objects.get(action="ACCOUNTS_CHANGED")
    assert entry.changes == {
        "支払: QRコード決済": ["指定なし", "送らない"],
        "経理方式": ["税込経理", "税抜経理"],
        "簡易課税": ["いいえ", "はい"],
    }
