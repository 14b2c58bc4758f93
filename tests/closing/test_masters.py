from datetime import date

import pytest

from closing.cash_movements import reason_for
from closing.categories import MovementDirection, ReasonPurpose
from closing.forms.cash import MovementForm
from closing.forms.slip_entry import methods_for
from closing.masters import LastCashMethod, add_master, move_master, restore_master, retire_master
from closing.models import CashReason, PaymentMethod, Slip
from closing.trading_day import close_day
from stores.models import AuditEntry, Register
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale
from tests.stores.test_lists import queries_of

METHODS, REASONS = "/masters/methods/", "/masters/reasons/"
PAYPAY = {"code": "PAYPAY", "name": "PayPay", "kind": "QR"}
TOLLS = {"code": "0007", "name": "駐車場", "for_paid_out": "on", "is_expense": "on", "is_sent": "on", "account": "旅費交通費"}


@pytest.fixture
def browser(client, admin):
    return sign_in(client, admin)


def make_method(company, code, kind="QR", **more):
    return PaymentMethod.objects.create(company=company, code=code, name=f"支払{code}", kind=kind, **more)


def text_of(response):
    return response.content.decode()


def codes(rows):
    return [row.code for row in rows]


def errors_of(response):
    return {field: list(errors) for field, errors in response.context["form"].errors.items()}


def test_an_administrator_registers_a_method_behind_those_in_use(browser, company, methods):
    PaymentMethod.objects.filter(code="GIFT").update(position=4)

    browser.post(METHODS + "new/", PAYPAY)

    made = PaymentMethod.objects.get(code="PAYPAY")
    assert (made.company, made.name, made.kind, made.position, made.retired_on) == (company, "PayPay", "QR", 5, None)


def test_an_administrator_registers_a_reason(browser, company):
    browser.post(REASONS + "new/", TOLLS)

    made = CashReason.objects.get(code="0007")
    assert (made.company, made.for_paid_in, made.for_paid_out, made.is_expense, made.account) == (company, False, True, True, "旅費交通費")


def test_a_method_s_company_cannot_be_chosen_by_the_browser(browser, company, rival_company):
    browser.post(METHODS + "new/", PAYPAY | {"company": rival_company.pk})

    assert PaymentMethod.objects.get(code="PAYPAY").company == company


def test_code_and_kind_stay_what_they_were(browser, methods):
    visa = methods[1]

    browser.post(f"{METHODS}{visa.pk}/", {"code": "OTHER", "name": "VISAカード", "kind": "CASH"})

    visa.refresh_from_db()
    assert (visa.code, visa.name, visa.kind) == ("VISA", "VISAカード", "CREDIT")


@pytest.mark.parametrize("code", ["VISA", "visa"])
def test_a_code_exists_once_in_a_company_whatever_its_case(browser, methods, code):
    response = browser.post(METHODS + "new/", PAYPAY | {"code": code})

    assert errors_of(response) == {"code": ["このコードはすでに使われています（利用終了のものも含みます）。"]}


def test_the_code_of_another_company_is_free(browser, company, rival_company):
    make_method(rival_company, "PAYPAY")

    browser.post(METHODS + "new/", PAYPAY)

    assert PaymentMethod.objects.filter(company=company, code="PAYPAY").exists()


@pytest.mark.parametrize(
    "wrong", [{"code": "ペイ"}, {"code": "A/B"}, {"code": ""}, {"name": ""}, {"name": "あ" * 31}, {"kind": ""}, {"kind": "X"}]
)
def test_what_a_method_cannot_be_is_said_at_its_field(browser, company, wrong):
    response = browser.post(METHODS + "new/", PAYPAY | wrong)

    assert (list(errors_of(response)), PaymentMethod.objects.count()) == (list(wrong), 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"for_paid_out": "", "is_expense": ""}, "for_paid_out"),
        ({"for_paid_out": "", "for_paid_in": "on"}, "is_expense"),
        ({"account": "", "sub_account": "駐車場"}, "account"),
        ({"account": "全角の勘定科目は十二文字まで"}, "account"),
        ({"sub_account": "a" * 25}, "sub_account"),
        ({"code": "exchange"}, "code"),
    ],
)
def test_what_a_reason_cannot_be_is_said_at_its_field(browser, company, wrong, field):
    response = browser.post(REASONS + "new/", TOLLS | wrong)

    assert (list(errors_of(response)), CashReason.objects.count()) == ([field], 0)


@pytest.mark.parametrize("name", ["PayPay😀", "ペイ\U0002000b", "ペイ₿"])
def test_a_name_with_a_character_that_no_book_holds_is_refused_at_its_field(browser, methods, name):
    response = browser.post(METHODS + "new/", PAYPAY | {"name": name})

    assert errors_of(response) == {"name": [f"「{name[-1]}」は弥生で使えない文字です。"]}


def test_a_name_whose_characters_have_equivalents_is_kept_as_it_was_typed(browser, methods):
    browser.post(METHODS + "new/", PAYPAY | {"name": "𠮷田—ペイ™"})

    assert PaymentMethod.objects.get(code="PAYPAY").name == "𠮷田—ペイ™"


@pytest.mark.parametrize("field", ["name", "account", "sub_account"])
def test_what_a_reason_puts_into_the_books_is_refused_at_its_field(browser, field):
    response = browser.post(REASONS + "new/", TOLLS | {field: "駐車🚗"})

    assert errors_of(response) == {field: ["「🚗」は弥生で使えない文字です。"]}


@pytest.mark.parametrize("account", ["あ" * 12, "a" * 24, "ｱ" * 24, "ア" * 11 + "aa"])
def test_an_account_may_be_as_wide_as_the_books_hold(browser, company, account):
    browser.post(REASONS + "new/", TOLLS | {"account": account})

    assert CashReason.objects.get().account == account


def test_a_reason_that_the_portal_chooses_changes_its_name_only(browser, company):
    pickup = reason_for(company, ReasonPurpose.PICKUP)

    browser.post(f"{REASONS}{pickup.pk}/", TOLLS | {"name": "金庫へ"})
    endings = [browser.post(f"{REASONS}{pickup.pk}/{action}/").status_code for action in ("end", "up")]

    pickup.refresh_from_db()
    assert (pickup.code, pickup.name, pickup.for_paid_out, pickup.is_sent, pickup.account) == ("PICKUP", "金庫へ", False, False, "")
    assert (endings, pickup.retired_on) == ([404, 404], None)


def test_a_change_is_on_record_with_before_and_after(browser, admin, stationery):
    typed = {"name": "文房具", "for_paid_out": "on", "is_expense": "", "is_sent": "on", "account": "事務用品費"}

    browser.post(f"{REASONS}{stationery.pk}/", typed)

    entry = AuditEntry.objects.get()
    changes = {"理由": ["消耗品", "文房具"], "経費": ["はい", "いいえ"], "勘定科目": ["消耗品費", "事務用品費"]}
    assert (entry.action, entry.actor, entry.subject, entry.changes) == ("REASON_CHANGED", admin, "0003 文房具", changes)


def test_what_was_not_changed_is_not_on_record(browser, methods):
    browser.post(f"{METHODS}{methods[1].pk}/", {"name": "VISA"})

    assert AuditEntry.objects.count() == 0


def test_making_retiring_and_bringing_back_are_on_record(browser, company):
    browser.post(METHODS + "new/", PAYPAY)
    made = PaymentMethod.objects.get()
    for action in ("end", "restore"):
        browser.post(f"{METHODS}{made.pk}/{action}/")

    written = list(AuditEntry.objects.order_by("pk").values_list("action", "subject"))
    assert written == [(f"METHOD_{done}", "PAYPAY PayPay") for done in ("CREATED", "RETIRED", "RESTORED")]
    assert AuditEntry.objects.get(action="METHOD_CREATED").changes == {
        "コード": ["", "PAYPAY"],
        "支払方法": ["", "PayPay"],
        "種別": ["", "QRコード決済"],
    }


def test_every_change_makes_the_registers_of_all_stores_due_for_master_sync(browser, kichijoji, register, methods, rival_store):
    far, rival = Register.objects.create(store=kichijoji, number=1), Register.objects.create(store=rival_store, number=1)
    addresses = [f"{METHODS}new/", *(f"{METHODS}{methods[2].pk}/{end}" for end in ("", "up/", "end/", "restore/"))]
    due = []
    for address in addresses:
        Register.objects.update(synced_version=0)
        browser.post("/settings/master-sync/")
        browser.post(address, PAYPAY)
        due.append(set(Register.objects.due_for_sync()) - {rival})

    assert due == [{register, far}] * 5


def test_a_retired_method_is_offered_no_more_and_can_come_back(company, methods, by):
    retire_master(methods[1], on=DAY, by=by)
    offered = codes(methods_for(company.pk))

    restore_master(methods[1], by=by)

    assert (offered, codes(methods_for(company.pk))) == (["CASH", "GIFT"], ["CASH", "GIFT", "VISA"])


def test_a_retired_reason_is_offered_no_more(day, stationery, exchange, by):
    retire_master(stationery, on=DAY, by=by)

    form = MovementForm({"reason": stationery.pk}, day=day, direction=MovementDirection.PAID_OUT)

    assert (list(form.fields["reason"].queryset), "reason" in form.errors) == ([exchange], True)


def test_an_open_day_closes_with_a_method_that_was_retired_meanwhile(shibuya, register, day, methods, by):
    book(shibuya, sale("1", 1100, "VISA"), by=by)
    retire_master(methods[1], on=DAY, by=by)

    closing = close_day(day, counts=None, by=by)

    assert [(total.method, total.amount) for total in closing.figures.methods] == [("VISA", 1100)]


def test_a_slip_from_before_the_end_is_booked_after_it(shibuya, register, methods, by):
    retire_master(methods[1], on=date(2026, 4, 3), by=by)

    status = book(shibuya, sale("1", 1100, "VISA"), by=by, today=date(2026, 4, 5))

    assert (status, Slip.objects.get().payments.get().method) == (["created"], methods[1])


def test_two_people_who_retire_the_same_leave_one_line(methods, by):
    other = PaymentMethod.objects.get(pk=methods[1].pk)
    retire_master(methods[1], on=DAY, by=by)

    retire_master(other, on=date(2026, 4, 2), by=by)

    other.refresh_from_db()
    assert (other.retired_on, AuditEntry.objects.filter(action="METHOD_RETIRED").count()) == (DAY, 1)


def test_one_cash_method_stays_in_use(browser, company, methods, by):
    page = browser.post(f"{METHODS}{methods[0].pk}/end/", follow=True)
    spare = add_master(PaymentMethod(company=company, code="CASH2", name="現金2", kind="CASH"), changes={}, by=by)
    retire_master(methods[0], on=DAY, by=by)

    with pytest.raises(LastCashMethod):
        retire_master(spare, on=DAY, by=by)

    assert "お釣りを渡すために1つは必要です" in text_of(page)


def test_methods_are_moved_one_place_at_a_time_and_no_further_than_the_ends(company, by):
    first, _second, third = (make_method(company, code) for code in "ABC")
    orders = []
    for moved, places in ((third, -1), (first, 1), (first, 1), (first, 1)):
        move_master(PaymentMethod.objects.get(pk=moved.pk), places=places, by=by)
        orders.append("".join(codes(PaymentMethod.objects.all())))

    assert orders == ["ACB", "CAB", "CBA", "CBA"]
    assert [entry.changes for entry in AuditEntry.objects.order_by("pk")] == [{"並び順": pair} for pair in ([3, 2], [1, 2], [2, 3])]


def test_moving_leads_back_to_the_page_one_was_on(browser, methods):
    answers = [browser.post(f"{METHODS}{methods[1].pk}/down/", typed).url for typed in ({"page": "2"}, {"page": "x&y"}, {})]

    assert answers == [f"{METHODS}?page=2", f"{METHODS}?page=x%26y", f"{METHODS}?page=1"]


def test_the_list_is_searched_by_code_and_name_and_holds_the_retired_apart(browser, company, methods, by):
    retire_master(methods[1], on=DAY, by=by)
    found = {
        query: codes(browser.get(METHODS + query).context["page"])
        for query in ("", "?words=gift", "?words=現", "?words=VISA", "?retired=on")
    }

    assert found == {"": ["CASH", "GIFT"], "?words=gift": ["GIFT"], "?words=現": ["CASH"], "?words=VISA": [], "?retired=on": ["VISA"]}


@pytest.mark.parametrize("query", ["?page=x", "?words=" + "あ" * 61, "?retired=maybe", "?words=%00"])
def test_a_search_that_makes_no_sense_is_no_error(browser, methods, query):
    assert browser.get(METHODS + query).status_code == 200


def test_the_list_says_which_account_each_takes(browser, methods, stationery, company):
    CashReason.objects.create(company=company, code="0009", name="その他", for_paid_in=True)

    pages = [text_of(browser.get(address)) for address in (METHODS, REASONS)]

    assert [words in page for page, words in zip(pages, ("売掛金／VISA", "消耗品費"), strict=True)] == [True, True]
    assert pages[1].count("未設定") == 1


@pytest.mark.parametrize("address", [METHODS, REASONS])
@pytest.mark.parametrize(("name", "status"), [("manager", 200), ("accountant", 200), ("clerk", 403)])
def test_who_keeps_the_books_reads(client, request, methods, stationery, address, name, status):
    page = sign_in(client, request.getfixturevalue(name)).get(address)

    assert (page.status_code, "変更できるのは企業管理者です" in text_of(page)) == (status, status == 200)


@pytest.mark.parametrize("name", ["manager", "accountant", "clerk"])
def test_only_an_administrator_changes(client, request, methods, name):
    browser = sign_in(client, request.getfixturevalue(name))
    addresses = ["new/", *(f"{methods[1].pk}/{end}" for end in ("", "end/", "restore/", "up/"))]
    before = list(PaymentMethod.objects.values())

    answers = [browser.post(METHODS + address, PAYPAY).status_code for address in addresses]

    assert (answers, list(PaymentMethod.objects.values())) == ([403] * 5, before)


def test_another_company_s_methods_and_reasons_do_not_exist(client, rival_admin, methods, stationery):
    browser = sign_in(client, rival_admin)
    rows = [(METHODS, methods[1]), (REASONS, stationery)]
    addresses = [f"{page}{row.pk}/{end}" for page, row in rows for end in ("", "end/", "restore/", "down/")]

    answers = [browser.post(address, PAYPAY).status_code for address in addresses]
    pages = [text_of(browser.get(page)) for page in (METHODS, REASONS)]

    assert answers == [404] * 8
    assert [name in page for page, name in zip(pages, ("VISA", "消耗品"), strict=True)] == [False, False]


@pytest.mark.parametrize(
    "address", ["/masters/closings/new/", "/masters/methods/0/", "/masters/reasons/0/", "/masters/methods/0/sideways/"]
)
def test_what_there_is_not_is_not_found(browser, address):
    assert browser.post(address).status_code == 404


def test_the_form_of_a_change_says_which_account_is_taken_now(browser, stationery):
    page = text_of(browser.get(f"{REASONS}{stationery.pk}/"))

    assert [words in page for words in ("いま使われる弥生の勘定科目", "消耗品費", "/settings/accounts/")] == [True] * 3


@pytest.mark.parametrize("address", [METHODS, REASONS])
def test_a_list_of_three_costs_no_more_queries_than_one(browser, company, address):
    make_method(company, "A")
    CashReason.objects.create(company=company, code="A", name="理由", for_paid_in=True)
    for_one = queries_of(browser, address)
    for code in "BC":
        make_method(company, code)
        CashReason.objects.create(company=company, code=code, name="理由", for_paid_in=True)

    assert queries_of(browser, address) == for_one


def test_the_tab_of_the_masters_shows_each_what_he_may_see(client, admin, manager):
    pages = [sign_in(client, person).get("/") for person in (admin, manager)]

    shown = [[str(item["label"]) for tab in page.context["tabs"] if tab["label"] == "マスタ" for item in tab["items"]] for page in pages]
    assert shown == [["店舗", "担当者", "支払方法", "入出金理由"], ["支払方法", "入出金理由"]]
