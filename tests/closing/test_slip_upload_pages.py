"""CSV取込 on its pages: who may, what is shown, and that no file makes a server error."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from closing.models import Slip
from stores.jobs import run_job
from stores.models import Job, JobFile
from tests.cast import sign_in
from tests.closing.slip_lines import CARD_SALE, CASH_SALE, HEADER, sales, slip_file
from tests.stores.test_lists import queries_of

pytestmark = pytest.mark.usefixtures("evening", "register", "methods")
BAD = CARD_SALE.replace("2200", "=1+1", 1)


@pytest.fixture
def browser(client, manager):
    return sign_in(client, manager)


def send(browser, store, content, name="伝票.csv"):
    return browser.post("/slips/upload/", {"store": store.pk, "file": SimpleUploadedFile(name, content, "text/csv")})


def page_of(browser, store, *lines):
    """The address to which a file with these lines leads."""
    return send(browser, store, slip_file(*lines)).headers["Location"]


def text_of(response):
    return response.content.decode()


def test_a_good_file_is_shown_with_counts_days_and_methods_before_anything_is_written(browser, shibuya):
    page = text_of(browser.get(page_of(browser, shibuya, CASH_SALE, CARD_SALE)))

    assert [word in page for word in ("渋谷店 伝票.csv", "2026年3月31日(火)", "VISA", "¥2,200", "取り込む", "未開局")] == [True] * 6
    assert Slip.objects.count() == 0


def test_a_few_lines_are_taken_in_at_once_and_lead_to_the_result(browser, shibuya):
    checked = page_of(browser, shibuya, CASH_SALE, CARD_SALE)

    result = text_of(browser.post(f"{checked}load/", follow=True))

    assert [word in result for word in ("取り込みました。", "2026年4月1日(水)", "開局中")] == [True] * 3
    assert Slip.objects.count() == 2


def test_many_lines_wait_for_the_worker(browser, shibuya):
    page = text_of(browser.get(page_of(browser, shibuya, *sales(501))))

    assert ("まだ何も登録していません。" in page, Job.objects.get().state) == (True, "waiting")


def test_bad_lines_are_named_and_the_file_cannot_be_taken_in(browser, shibuya):
    checked = page_of(browser, shibuya, CASH_SALE, BAD)
    page = text_of(browser.get(checked))

    told = text_of(browser.post(f"{checked}load/", follow=True))

    assert [word in page for word in ("1行に誤りがあるため", "3行目", "整数で入力してください: =1+1")] == [True] * 3
    assert ("取り込めない状態です" in told, Slip.objects.count()) == (True, 0)


def test_bad_lines_can_be_put_into_保留(browser, shibuya):
    checked = page_of(browser, shibuya, CASH_SALE, BAD)

    result = text_of(browser.post(f"{checked}load/", {"keep": ""}, follow=True))

    assert ("1件を「保留」に入れました。" in result, Slip.objects.get().number) == (True, "000001")


def test_all_bad_lines_can_be_saved_without_a_formula_in_them(browser, shibuya):
    checked = page_of(browser, shibuya, CASH_SALE.replace("000001", "=1+1"), BAD)

    content = b"".join(browser.get(f"{checked}lines/csv/").streaming_content).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(content)))[1:] == [
        ["2", "誤りがある", "伝票番号", "「伝票番号」は半角の英数字とハイフンで20文字以内にしてください: =1+1"],
        ["3", "誤りがある", "10%対象額", "「10%対象額」は整数で入力してください: =1+1"],
    ]


def test_the_bad_lines_come_fifty_a_page_at_a_constant_cost(browser, shibuya):
    few = page_of(browser, shibuya, BAD)
    many = page_of(browser, shibuya, *(BAD.replace("000002", f"{number:06}") for number in range(60)))

    assert queries_of(browser, f"{many}lines/") == queries_of(browser, f"{few}lines/")
    assert text_of(browser.get(f"{many}lines/?page=2")).count("行目") == 10


def test_three_days_cost_no_more_queries_than_one(browser, shibuya):
    one = page_of(browser, shibuya, *sales(1))
    three = page_of(browser, shibuya, *(line for day in (1, 2, 3) for line in sales(2, day=f"2026-03-0{day}")))

    assert queries_of(browser, three) == queries_of(browser, one)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です。1行目に見出し"),
        (b"\r\n\r\n", "ファイルが空です。1行目に見出し"),
        (slip_file(), "見出しの下に伝票がありません。"),
        (HEADER.encode("utf-16"), "文字コードを読み取れません。"),
        (slip_file(CASH_SALE).replace(b"000001", b"000\x00001"), "2行目に使えない文字(NUL)があります。"),
        (slip_file(CASH_SALE, header=HEADER.replace("種別", "kind")), "見出しに「種別」の列がありません。"),
        (b"x" * 1_000_000, "1行が長すぎます"),
        (b'"' + b"x\n" * 200_000, "CSVとして読み取れません。"),
        (b"PK\x03\x04\x00\x00" + bytes(range(256)) * 8, "文字コードを読み取れません。"),
    ],
)
def test_a_file_that_is_no_slip_file_is_refused_at_its_field(browser, shibuya, content, said):
    response = send(browser, shibuya, content)

    assert (response.status_code, said in text_of(response), Job.objects.count()) == (200, True, 0)


def test_a_file_of_more_than_20_mb_is_refused_at_its_field(browser, shibuya):
    response = send(browser, shibuya, b"x" * (20 * 1024 * 1024 + 1))

    assert "ファイルが大きすぎます。" in text_of(response)


def test_a_long_line_in_the_middle_is_named_and_ends_the_reading(browser, shibuya):
    page = text_of(browser.get(page_of(browser, shibuya, CASH_SALE, "x" * 100_000, CARD_SALE)))

    assert [word in page for word in ("3行目", "1行が長すぎます", "途中から後の行は読み取れていません。")] == [True] * 3


def test_the_template_is_refused_as_long_as_its_examples_stand_in_it(browser, shibuya):
    template = b"".join(browser.get("/slips/upload/template/").streaming_content)

    page = text_of(browser.get(send(browser, shibuya, template).headers["Location"]))

    assert (page.count("ひな形の記入例の行です"), "支払:GIFT" in template.decode()) == (3, True)


def test_the_lines_of_the_template_are_good_slips_once_they_have_numbers(browser, shibuya):
    template = b"".join(browser.get("/slips/upload/template/").streaming_content).decode()

    page = text_of(browser.get(send(browser, shibuya, template.replace("例", "00000").encode()).headers["Location"]))

    assert ("1行に誤りがあるため" in page, "合計がレジの記録と同じか" in page) == (False, True)


def test_a_file_that_is_given_up_is_deleted(browser, shibuya):
    checked = page_of(browser, shibuya, CASH_SALE)

    told = text_of(browser.post(f"{checked}discard/", follow=True))

    assert ("ファイルは削除しました。" in told, JobFile.objects.count()) == (True, 0)
    assert browser.get(checked).headers["Location"] == "/slips/upload/"


def test_a_check_that_is_stopped_leads_back_to_the_choice_of_a_file(browser, shibuya):
    checked = page_of(browser, shibuya, *sales(501))

    browser.post(f"/jobs/{Job.objects.get().pk}/cancel/")

    assert (browser.get(checked).headers["Location"], JobFile.objects.count()) == ("/slips/upload/", 0)


def test_a_file_that_is_being_checked_is_not_deleted_under_the_worker(browser, shibuya):
    checked = page_of(browser, shibuya, *sales(501))

    browser.post(f"{checked}discard/")

    assert (JobFile.objects.count(), run_job(Job.objects.get().pk)) == (1, "done")


def test_the_check_leads_to_the_result_once_the_file_has_been_taken_in(browser, shibuya):
    checked = page_of(browser, shibuya, CASH_SALE)
    browser.post(f"{checked}load/")

    again = browser.post(f"{checked}load/", follow=True)

    assert ("すでに取り込まれたか" in text_of(again), "取り込みました。" in text_of(again), Slip.objects.count()) == (True, True, 1)


@pytest.mark.parametrize("name", ["clerk", "accountant"])
def test_who_may_not_load_slips_hears_who_may(client, request, name):
    response = sign_in(client, request.getfixturevalue(name)).get("/slips/upload/")

    assert (response.status_code, "この操作ができるのは企業管理者、店長です。" in text_of(response)) == (403, True)


def test_a_store_that_is_not_ones_own_cannot_be_chosen(browser, rival_store, shibuya):
    response = send(browser, rival_store, slip_file(CASH_SALE))

    assert (response.status_code, Job.objects.count(), "となりの書店" in text_of(response)) == (200, 0, False)


@pytest.mark.parametrize("path", ["", "lines/", "lines/csv/"])
@pytest.mark.parametrize("other", ["rival_admin", "admin"])
def test_a_file_of_somebody_else_does_not_exist(browser, request, shibuya, path, other):
    checked = page_of(browser, shibuya, CASH_SALE)

    assert sign_in(browser, request.getfixturevalue(other)).get(f"{checked}{path}").status_code == 404


@pytest.mark.parametrize("path", ["load/", "discard/"])
def test_nobody_takes_in_or_deletes_the_file_of_somebody_else(browser, admin, shibuya, path):
    checked = page_of(browser, shibuya, CASH_SALE)

    assert sign_in(browser, admin).post(f"{checked}{path}").status_code == 404
    assert (Slip.objects.count(), JobFile.objects.count()) == (0, 1)
