import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.models import BusinessDay, PaymentMethod
from closing.signals import Wish
from closing.trading_day import close_again, open_day
from stores.models import AuditEntry, Register, Store
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.conftest import LINK
from tests.yayoi_link.shop import DAY, NEXT_DAY
from yayoi_link.daybook import read_daybook
from yayoi_link.export_files import download_of
from yayoi_link.importfile import Dialect
from yayoi_link.importfile_parts import FilePart

PERIOD = "?first=2026-04-01&last=2026-04-30&store=&dialect="
DAY_ROW = (
    "2000,,,2026/04/01,現金,,渋谷店,対象外,1100,0,売上高,,渋谷店,課税売上込10%,1100,0,"
    "現金売上10% 渋谷店 #0001-260401-1,,,0,,#0001-260401-1 sales/CASH/STANDARD_10,0,0,no\r\n"
)


@pytest.fixture
def accountants(client, accountant):
    return sign_in(client, accountant)


def content_of(response):
    return b"".join(response.streaming_content)


def text_of(response):
    return response.content.decode()


def urls_of(delivery):
    return [f"/deliveries/{delivery.pk}/export/", "/days/0001/2026-04-01/export/", f"/deliveries/export/download/{PERIOD}desktop"]


@pytest.mark.parametrize("which", range(3))
def test_delivery_day_and_period_give_the_same_bytes(accountants, delivery, which):
    assert content_of(accountants.get(urls_of(delivery)[which])).decode("cp932") == DAY_ROW


def test_the_file_is_a_download_with_a_name_of_its_own(accountants, delivery):
    response = accountants.get(f"/deliveries/{delivery.pk}/export/?for=online")

    assert response["Content-Disposition"] == 'attachment; filename="yayoi-1000-0001-20260401-online.csv"'
    assert response["Content-Type"] == "text/csv; charset=Shift_JIS"


def test_whoever_takes_a_file_stands_in_the_history(accountants, accountant, delivery):
    accountants.get(f"/deliveries/{delivery.pk}/export/")

    entry = AuditEntry.objects.get(action="BOOKS_EXPORTED")
    assert (entry.actor, entry.store, entry.subject) == (accountant, delivery.day.store, "2026-04-01")
    assert entry.changes["行数"] == 1


def test_what_was_sent_is_what_is_written_even_after_the_store_was_renamed(accountants, delivery):
    Store.objects.filter(pk=delivery.day.store_id).update(name="新渋谷店")

    rows = [list(read_daybook(content_of(accountants.get(url)))) for url in urls_of(delivery)]

    posted = delivery.entries
    assert [[(row.key, row.description, row.amount) for row in of_file] for of_file in rows] == [
        [(entry.key, entry.description, entry.amount) for entry in posted]
    ] * 3


def test_a_day_is_written_in_its_latest_revision(accountants, shop, linked, delivery):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2", 2200)
    shop.close_again(delivery)

    [row] = read_daybook(content_of(accountants.get("/days/0001/2026-04-01/export/")))

    assert (row.amount, row.reference.revision) == (3300, 2)


def test_a_difference_is_written_as_such_and_its_day_in_full(accountants, shop, linked, delivery):
    fates.deliver_it(delivery)
    shop.sell(linked, DAY, "2", 2200)
    day = BusinessDay.objects.get(pk=delivery.day_id)
    more = close_again(day, seen_revision=1, by=shop.by, wish=Wish.DIFFERENCE).deliveries.get()

    files = [content_of(accountants.get(url)) for url in (f"/deliveries/{more.pk}/export/", "/days/0001/2026-04-01/export/")]

    assert [[row.amount for row in read_daybook(file)] for file in files] == [[2200], [3300]]


@pytest.mark.usefixtures("register")
def test_a_day_that_is_not_linked_can_still_be_imported_by_hand(accountants, shop, shibuya):
    shop.close(shibuya)

    assert content_of(accountants.get("/days/0001/2026-04-01/export/")).decode("cp932") == DAY_ROW


def test_several_files_make_one_zip_with_the_same_bytes_every_time():
    parts = [FilePart(DAY, DAY, b"2000\r\n", 1), FilePart(NEXT_DAY, NEXT_DAY, b"2111\r\n", 1)]

    first, again = (download_of(parts, codes=["1000"], dialect=Dialect.ONLINE) for _ in range(2))

    assert (first, first.name, first.content_type) == (again, "yayoi-1000-20260401-20260402-online.zip", "application/zip")
    packed = zipfile.ZipFile(io.BytesIO(first.content))
    assert {name: packed.read(name) for name in packed.namelist()} == {
        "yayoi-1000-20260401-online-1.csv": b"2000\r\n",
        "yayoi-1000-20260402-online-2.csv": b"2111\r\n",
    }


def test_the_page_tells_what_the_files_will_be(accountants, delivery):
    page = text_of(accountants.get(f"/deliveries/export/{PERIOD}online"))

    assert ("営業日1件、仕訳1行" in page, "ダウンロード" in page, "部門と伝票No.は取り込まれない" in page) == (True, True, True)


def test_the_page_tells_which_names_are_shortened(accountants, company, shop, linked):
    PaymentMethod.objects.filter(company=company).update(kind="OTHER", name="とても長い名前の支払方法その壱号")
    shop.close(linked)

    page = text_of(accountants.get(f"/deliveries/export/{PERIOD}online"))

    assert "「とても長い名前の支払方法その壱号」は弥生の桁数に合わせて「とても長い名前の支払方法その壱」に縮めました。" in page


@pytest.mark.parametrize("is_linked", [True, False])
def test_the_page_tells_which_characters_were_replaced(accountants, company, shop, shibuya, register, is_linked):
    PaymentMethod.objects.filter(company=company).update(name="𠮷Pay")
    shop.link(shibuya, LINK, is_enabled=is_linked)
    shop.close(shibuya)

    page = text_of(accountants.get(f"/deliveries/export/{PERIOD}desktop"))

    assert "「𠮷Pay」は弥生で使えない文字があるため「吉Pay」と書きました。" in page


@pytest.mark.usefixtures("register")
def test_a_day_with_a_character_that_yayoi_cannot_hold_is_refused_by_name(accountants, company, shop, shibuya):
    PaymentMethod.objects.filter(company=company).update(name="現金😀")
    shop.close(shibuya)

    response = accountants.get("/days/0001/2026-04-01/export/", follow=True)

    page = text_of(response)
    assert ("渋谷店 2026/04/01 「現金😀売上10%」に弥生で使えない文字「😀」があります。" in page, "ダウンロード</a>" in page) == (
        True,
        False,
    )


@pytest.mark.usefixtures("register")
def test_a_delivery_that_cannot_be_written_says_why_on_its_page(accountants, company, shop, shibuya):
    PaymentMethod.objects.filter(company=company).update(name="現金😀")
    held = shop.close(shibuya)

    page = text_of(accountants.get(f"/deliveries/{held.pk}/export/", follow=True))

    assert "「現金😀売上10%」に弥生で使えない文字「😀」があります。" in page


def test_days_that_are_not_closed_are_named(accountants, shop, linked, delivery):
    open_day(linked, NEXT_DAY, by=shop.by, today=NEXT_DAY)

    assert "2026年4月2日(木)" in text_of(accountants.get(f"/deliveries/export/{PERIOD}desktop"))


@pytest.mark.parametrize(
    "query", ["?first=2026-04-02&last=2026-04-01&dialect=desktop", "?first=2024-01-01&last=2026-04-01&dialect=desktop", "?first=x"]
)
def test_a_period_that_makes_no_sense_downloads_nothing(accountants, delivery, query):
    response = accountants.get(f"/deliveries/export/download/{query}", follow=True)

    assert (response.status_code, response.streaming, "field-error" in text_of(response)) == (200, False, True)


@pytest.mark.parametrize("person", ["admin", "manager", "accountant"])
def test_managers_and_accountants_may_export(client, request, delivery, person):
    browser = sign_in(client, request.getfixturevalue(person))

    assert [browser.get(url).status_code for url in ["/deliveries/export/", *urls_of(delivery)]] == [200] * 4


def test_a_clerk_may_not(client, clerk, delivery):
    browser = sign_in(client, clerk)

    assert [browser.get(url).status_code for url in ["/deliveries/export/", *urls_of(delivery)]] == [403] * 4


@pytest.mark.usefixtures("rival_store")
def test_of_another_companys_books_there_is_nothing(client, rival_admin, delivery, shibuya):
    browser = sign_in(client, rival_admin)

    answers = [browser.get(url).status_code for url in urls_of(delivery)[:2]]
    page = text_of(browser.get(f"/deliveries/export/?first=2026-04-01&last=2026-04-30&dialect=desktop&store={shibuya.pk}"))
    everything = text_of(browser.get(f"/deliveries/export/{PERIOD}desktop"))
    assert (answers, "渋谷店" in page + everything, "この期間に、書き出す取引はありません。" in everything) == ([404, 404], False, True)


def test_a_manager_exports_assigned_stores_only(client, manager, shop, linked, company, admin, delivery):
    far = Store.objects.create(company=company, code="0009", name="鎌倉店")
    Register.objects.create(store=far, number=1)
    shop.close(far)

    browser = sign_in(client, manager)

    assert content_of(browser.get(f"/deliveries/export/download/{PERIOD}desktop")).decode("cp932") == DAY_ROW
    assert browser.get("/days/0009/2026-04-01/export/").status_code == 404


def test_a_dialect_that_does_not_exist_is_no_page(accountants, delivery):
    assert accountants.get(f"/deliveries/{delivery.pk}/export/?for=abacus").status_code == 404


def test_three_days_cost_no_more_queries_than_one(accountants, shop, linked, delivery):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert accountants.get(f"/deliveries/export/{PERIOD}desktop").status_code == 200
        return len(captured)

    for_one = queries()
    for later in (1, 2):
        shop.close(linked, DAY + timedelta(days=later))
    assert queries() == for_one


def export(folder, *arguments, code="1000"):
    call_command("export_yayoi", "--company", code, "--from", "2026-04-01", "--to", "2026-04-30", "--out", str(folder), *arguments)


@pytest.mark.usefixtures("delivery")
def test_the_command_writes_the_same_bytes(tmp_path, capsys):
    export(tmp_path / "new", "--store", "0001", "--for", "online")

    [file] = (tmp_path / "new").iterdir()
    assert (file.name, file.read_bytes()) == (
        "yayoi-1000-0001-20260401-online.csv",
        DAY_ROW.replace("渋谷店,対", ",対").replace("渋谷店,課", ",課").encode("cp932"),
    )
    assert "営業日1件、仕訳1行を書き出しました。" in capsys.readouterr().out


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], "9999", "企業コード「9999」"),
        (["--store", "0099"], "1000", "店舗コード「0099」"),
        (["--to", "2026-03-01"], "1000", "終了日は開始日以降"),
    ],
)
def test_the_command_says_what_it_does_not_know(tmp_path, arguments, code, said):
    with pytest.raises(CommandError, match=said):
        export(tmp_path, *arguments, code=code)


@pytest.mark.usefixtures("register")
def test_the_command_writes_nothing_when_a_row_cannot_be_written(tmp_path, company, shop, shibuya):
    PaymentMethod.objects.filter(company=company).update(name="現金😀")
    shop.close(shibuya)

    with pytest.raises(CommandError, match=r"渋谷店 2026/04/01 .*😀"):
        export(tmp_path)

    assert list(tmp_path.iterdir()) == []
