import re
from datetime import time

import pytest

from closing.models import CashReason, PaymentMethod
from stores.master_files import plan
from stores.models import AuditEntry, Register, Role, Staff, Store
from tests.cast import make_person, sign_in
from tests.stores.master_file_pages import choose, download, outcome, press

STORES = "店舗コード,店舗名,締め時刻,現金差異の許容額,利用状況"
STAFF = "担当者コード,氏名,権限,担当店舗,メールアドレス,利用状況"
METHODS = "コード,支払方法,種別,利用状況"


@pytest.fixture
def browser(client, admin):
    return sign_in(client, admin)


@pytest.fixture
def masters(head_office, shibuya, kichijoji, register, manager, clerk, company):
    PaymentMethod.objects.create(company=company, code="CASH", name="現金", kind="CASH")
    CashReason.objects.create(company=company, code="0003", name="消耗品", for_paid_out=True, account="消耗品費")


@pytest.mark.parametrize("kind", ["stores", "registers", "staff", "methods", "reasons"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_what_was_exported_changes_nothing_when_it_comes_back(browser, masters, kind, encoding):
    content = download(browser, kind).encode(encoding)

    found = choose(browser, kind, content).context["plan"]

    assert [line.fate for line in found.lines] == ["unchanged"] * len(found.lines) != []
    assert not found.may_be_taken_in


def test_a_file_shows_its_rows_as_a_person_reads_them(browser, masters):
    assert [download(browser, kind).splitlines()[1] for kind in ("stores", "registers", "staff", "methods", "reasons")] == [
        "0000,本部,,,利用中",
        "0001,1,1階レジ,利用中",
        "0001,木漏 日向,企業管理者,,,利用中",
        "CASH,現金,現金,利用中",
        "0003,消耗品,いいえ,はい,いいえ,はい,消耗品費,,利用中",
    ]


def test_a_preview_says_what_would_happen_and_changes_nothing(browser, shibuya):
    page = choose(browser, "stores", f"{STORES}\n0001,渋谷本店,04:30,500,利用中\n0004,新宿店,05:00,300,\n")

    assert [(line.number, line.name, line.fate, line.changes) for line in page.context["plan"].lines] == [
        (2, "0001 渋谷店", "changed", {"店舗名": ["渋谷店", "渋谷本店"], "締め時刻": ["05:00", "04:30"]}),
        (3, "0004 新宿店", "new", {"店舗コード": ["", "0004"], "店舗名": ["", "新宿店"], "現金差異の許容額": ["500", "300"]}),
    ]
    assert list(Store.objects.values_list("name", flat=True)) == ["渋谷店"]


def test_what_was_previewed_is_taken_in(browser, shibuya, register):
    page = choose(browser, "stores", f"{STORES}\n0001,渋谷本店,4:30,500,利用中\n0004,新宿店,05:00,300,\n")

    press(browser, page)

    assert list(Store.objects.values_list("code", "name", "closes_at", "difference_tolerance")) == [
        ("0001", "渋谷本店", time(4, 30), 500),
        ("0004", "新宿店", time(5), 300),
    ]


def test_each_row_and_the_file_are_on_record(browser, admin, shibuya):
    press(browser, choose(browser, "stores", "店舗コード,店舗名\n0001,渋谷本店\n0004,新宿店\n", name="店舗.csv"))

    written = AuditEntry.objects.filter(actor=admin).order_by("pk").values_list("action", "subject", "changes")
    assert list(written) == [
        ("MASTER_FILE_TAKEN_IN", "店舗", {"ファイル": "店舗.csv", "新規": 1, "変更": 1, "変更なし": 0}),
        ("STORE_CREATED", "0004 新宿店", {}),
        ("STORE_CHANGED", "0001 渋谷本店", {"店舗名": ["渋谷店", "渋谷本店"]}),
    ]


def test_what_is_not_in_the_file_stays(browser, shibuya, kichijoji):
    press(browser, choose(browser, "stores", "店舗コード,店舗名\n0002,吉祥寺本店\n"))

    assert list(Store.objects.in_use().values_list("name", "difference_tolerance")) == [("渋谷店", 500), ("吉祥寺本店", 500)]


def test_one_bad_line_keeps_the_whole_file_out(browser, shibuya):
    page = choose(browser, "stores", "店舗コード,店舗名\n0001,渋谷本店\n0004,\n")

    again = press(browser, page, seen=page.context["plan"].digest)

    assert (page.context["plan"].may_be_taken_in, "取り込んでいません" in again.content.decode()) == (False, True)
    assert list(Store.objects.values_list("name", flat=True)) == ["渋谷店"]


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("stores", "店舗コード,店舗名\n0004,🌸店\n", (2, "店舗名", "「🌸」は弥生で使えない文字です。")),
        ("stores", "店舗コード,店舗名\n新宿,新宿店\n", (2, "店舗コード", "半角の英数字とハイフンで20文字以内にしてください。")),
        ("stores", "店舗コード,店舗名\n\n0004,A\n0004,B\n", (4, "店舗コード", "3行目と同じコードです。")),
        ("stores", "店舗コード,店舗名\n0004\n", (2, "", "列の数が見出しと違います。")),
        (
            "stores",
            f"{STORES}\n0001,渋谷店,05:00,500,利用終了\n",
            (2, "利用状況", "この列はファイルでは変更できません（いまは「利用中」）。"),
        ),
        ("stores", f"{STORES}\n0001,渋谷店,25:00,500,\n", (2, "締め時刻", "時間を正しく入力してください。")),
        ("registers", "店舗コード,POS番号\n0009,1\n", (2, "店舗コード", "店舗コード「0009」の利用中の店舗がありません。")),
        ("registers", "店舗コード,POS番号\n0001,零\n", (2, "POS番号", "整数を入力してください。")),
        (
            "staff",
            f"{STAFF}\n0103,新人,店員,0001,,\n",
            (2, "権限", "「企業管理者」「店長」「スタッフ」「経理・税理士」のどれかにしてください。"),
        ),
        ("staff", f"{STAFF}\n0103,新人,スタッフ,,,\n", (2, "担当店舗", "この権限では、担当店舗を1つ以上選んでください。")),
        ("staff", f"{STAFF}\n0103,新人,スタッフ,0009,,\n", (2, "担当店舗", "店舗コード「0009」の利用中の店舗がありません。")),
        (
            "staff",
            f"{STAFF}\n0001,木漏 日向,経理・税理士,,,\n",
            (2, "権限", "この列はファイルでは変更できません（いまは「企業管理者」）。"),
        ),
        ("methods", f"{METHODS}\nCASH,現金,クレジット,\n", (2, "種別", "この列はファイルでは変更できません（いまは「現金」）。")),
        ("methods", f"{METHODS}\ncash,現金,現金,\n", (2, "コード", "このコードはすでに使われています（利用終了のものも含みます）。")),
        ("reasons", "コード,理由,出金で使う\n0009,切手,多分\n", (2, "出金で使う", "「はい」か「いいえ」にしてください。")),
        ("reasons", "コード,理由\n0009,切手\n", (2, "出金で使う", "入金か出金の、少なくとも一方で使うようにしてください。")),
    ],
)
def test_a_bad_line_is_named_with_its_column_and_the_reason_of_the_form(browser, masters, kind, content, problem):
    found = choose(browser, kind, content).context["plan"]

    assert [(line.number, *found) for line in found.lines for found in line.problems] == [problem]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x81\x00", "CSVファイルとして読み取れません"),
        (b"", "見出しに「店舗コード」がありません。"),
        ("店舗コード,店名\n1,A\n".encode(), "見出し「店名」は使えません。下の「ファイルの列」の名前にしてください。"),
        ("店舗コード,店舗コード\n1,A\n".encode(), "見出し「店舗コード」が2つ以上あります。"),
        ("店舗コード,店舗名\n".encode(), "見出しの下に1行もありません。"),
        ('店舗コード,店舗名\n1,"A\n'.encode(), "2行目がCSVとして読み取れません。"),
        (("店舗コード\n" + "1\n" * 1001).encode(), "一度に取り込めるのは1000行までです。"),
        (b"a" * (1024 * 1024 + 1), "ファイルが大きすぎます。"),
    ],
)
def test_a_file_that_is_no_file_of_the_master_is_refused_at_its_field(browser, content, sentence):
    errors = choose(browser, "stores", content).context["form"].errors

    assert sentence in errors["file"][0]


def test_codes_that_a_spreadsheet_took_for_numbers_are_recognised(browser, masters):
    page = choose(browser, "staff", f"{STAFF}\n102,宮下 あゆむ,スタッフ,1 2,,利用中\n")

    press(browser, page)

    changed = Staff.objects.get(code="0102", company__code="1000")
    assert page.context["plan"].lines[0].changes == {"氏名": ["宮下 歩", "宮下 あゆむ"], "担当店舗": ["0001", "0001 0002"]}
    assert (changed.name, [store.code for store in changed.stores.all()], Staff.objects.count()) == ("宮下 あゆむ", ["0001", "0002"], 3)


def test_a_cell_that_would_run_as_a_formula_comes_back_as_it_was(browser, company):
    names = ["=1+1", "'=1+1", "-店", "'店", "@店"]
    Store.objects.bulk_create(Store(company=company, code=f"000{number}", name=name) for number, name in enumerate(names))

    written = download(browser, "stores")
    found = choose(browser, "stores", written).context["plan"]

    assert [line.split(",")[1] for line in written.splitlines()[1:]] == ["'=1+1", "''=1+1", "'-店", "'店", "'@店"]
    assert found.counts["unchanged"] == len(names)


def test_new_people_get_notices_that_are_shown_once(browser, client_elsewhere, shibuya):
    page = press(browser, choose(browser, "staff", f"{STAFF}\n0103,新人,スタッフ,0001,,\n0104,店長,店長,0001,a@example.com,\n"))

    passwords = re.findall(r"[a-z]{4}-[a-z]{4}-\d{4}", page.content.decode())
    client_elsewhere.post("/login/", {"company_code": "1000", "code": "0104", "password": passwords[1]})
    assert (len(passwords), client_elsewhere.get("/").url, page["Cache-Control"]) == (
        2,
        "/password/",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )


def test_passwords_are_in_no_record(browser, shibuya):
    page = press(browser, choose(browser, "staff", f"{STAFF}\n0103,新人,スタッフ,0001,,\n"))

    password = re.search(r"[a-z]{4}-[a-z]{4}-\d{4}", page.content.decode())[0]
    kept = [str(dict(browser.session)), str(list(AuditEntry.objects.values())), str(list(Staff.objects.values())), str(browser.cookies)]
    assert [place for place in kept if password in place] == []


def test_a_file_that_is_taken_in_twice_makes_nobody_twice(browser, shibuya):
    page = choose(browser, "staff", f"{STAFF}\n0103,新人,スタッフ,0001,,\n")
    press(browser, page)

    again = press(browser, page)

    assert outcome(again) == "表示したあとに登録内容が変わったため、取り込んでいません。いまの内容でもう一度ご確認ください。"
    assert Staff.objects.filter(code="0103").count() == 1


def test_no_more_people_at_once_than_a_page_can_wait_for(browser, shibuya, monkeypatch):
    monkeypatch.setattr(plan, "MOST_NEW_PASSWORDS", 1)

    found = choose(browser, "staff", f"{STAFF}\n0103,新人,スタッフ,0001,,\n0104,新人,スタッフ,0001,,\n").context["plan"]

    assert (found.may_be_taken_in, found.problem) == (False, "新しく登録できるのは、一度に1人までです。")


def test_other_rights_from_a_file_end_the_sessions_of_the_person(browser, client_elsewhere, masters, clerk):
    sign_in(client_elsewhere, clerk)
    press(browser, choose(browser, "staff", f"{STAFF}\n0102,宮下 歩,店長,0001,,利用中\n"))

    assert "/login/" in client_elsewhere.get("/").url


@pytest.mark.parametrize("meanwhile", [{"name": "別の店"}, {"difference_tolerance": 100}])
def test_what_somebody_changed_since_the_preview_is_not_overwritten(browser, shibuya, meanwhile):
    page = choose(browser, "stores", "店舗コード,店舗名\n0001,渋谷本店\n")
    Store.objects.update(**meanwhile)

    again = press(browser, page)

    assert "取り込んでいません" in outcome(again)
    assert list(Store.objects.values(*meanwhile)) == [meanwhile]


def test_a_change_by_file_makes_the_registers_due_for_master_sync(browser, masters, register):
    Register.objects.update(synced_version=99)
    Store.objects.update(master_version=99)
    press(browser, choose(browser, "methods", f"{METHODS}\nCASH,げんきん,現金,\n"))

    assert list(Register.objects.due_for_sync()) == [register]


def test_another_company_s_rows_are_neither_written_nor_found(browser, shibuya, rival_store, rival_admin):
    make_person(rival_store.company, "0555", Role.CLERK, "隣 店員", rival_store)
    written = [download(browser, kind) for kind in ("stores", "registers", "staff", "methods", "reasons")]

    press(browser, choose(browser, "stores", "店舗コード,店舗名\n0001,わたしの店\n"))
    found = choose(browser, "staff", f"{STAFF}\n0555,わたし,スタッフ,0001,,\n").context["plan"]

    assert not any("隣" in text or "本店" in text for text in written)
    assert (Store.objects.get(pk=rival_store.pk).name, found.lines[0].fate) == ("本店", "new")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["manager", "clerk", "accountant"])
@pytest.mark.parametrize("page", ["", "download/"])
def test_files_of_masters_are_for_administrators(client, request, name, page):
    sign_in(client, request.getfixturevalue(name))

    assert client.get(f"/masters/csv/staff/{page}").status_code == 403


def test_there_are_only_the_masters_that_there_are(browser):
    assert [browser.get(f"/masters/csv/{kind}/").status_code for kind in ("links", "stores")] == [404, 200]


@pytest.mark.parametrize("wrong", [{"content": "あ"}, {"content": ""}, {"seen": ""}, {"content": "AAAA"}])
def test_a_broken_form_asks_for_the_file_again(browser, shibuya, wrong):
    page = choose(browser, "stores", "店舗コード,店舗名\n0001,渋谷本店\n")

    again = press(browser, page, **wrong)

    assert outcome(again) == "ファイルをもう一度選んでください。"
