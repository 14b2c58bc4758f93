"""A manager takes in a file of slips: the template, the mistakes, the yes, the closed page, the result, the close."""

import csv
import io

from closing.models import Closing
from tests.journeys.portal_pages import sign_in
from tests.journeys.till_pages import close_with_total, open_till

# More than is done at once, so that the worker does it.
SLIPS = 510
SALES = f"¥{SLIPS * 1100:,}"
UPLOAD = "/slips/upload/"
# How often a page is opened until the worker is through.
TRIES = 150


def filled(template, day, *, wrong):
    """The template's columns with cash sales of 1,100 yen; one of them is `wrong`ly numbered."""
    [header, *_examples] = csv.reader(io.StringIO(template))
    sale = {
        "種別": "売上",
        "営業日": day,
        "日時": f"{day} 12:00",
        "POS番号": 1,
        "担当者コード": "0101",
        "10%対象額": 1100,
        "10%消費税": 100,
    }
    written = io.StringIO()
    rows = csv.DictWriter(written, header)
    rows.writeheader()
    rows.writerows({"伝票番号": f"{number:06}", **sale, "支払:CASH": 1100} for number in range(1, SLIPS))
    rows.writerow({"伝票番号": "=1+1" if wrong else f"{SLIPS:06}", **sale, "支払:CASH": 1100})
    return written.getvalue().encode("cp932")


def upload(page, content):
    page.get_by_label("店舗").select_option(label="0001 渋谷店")
    page.get_by_label("伝票CSV").set_input_files({"name": "伝票.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="内容を確かめる").click()


def downloaded_template(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="ひな形をダウンロード").click()
    return download.value.path().read_text(encoding="utf-8-sig")


def see_result_later(page, portal):
    """Leave the page that shows the progress; whatever page is opened after the end leads to the result, and then tells of it no more."""
    page.get_by_role("heading", name="伝票CSVの取込").wait_for()
    page.goto("about:blank")
    told = page.get_by_role("status").filter(has_text="時間のかかる処理が終わりました")
    page.goto(portal.url)
    for _try in range(TRIES):
        if told.count():
            break
        page.wait_for_timeout(200)
        page.reload()
    told.get_by_role("link", name="伝票CSVの取込").click()
    page.get_by_role("link", name="結果を見る").click()
    page.get_by_text("取り込みました。").wait_for()
    assert told.count() == 0


def test_a_file_is_corrected_taken_in_behind_a_closed_page_and_closed_with_its_figures(portal, chain, managers_page, page):
    sign_in(managers_page, portal, chain.manager)
    managers_page.goto(portal.url + UPLOAD)
    template = downloaded_template(managers_page)
    upload(managers_page, filled(template, chain.today, wrong=True))
    managers_page.get_by_text("1行に誤りがあるため").wait_for()
    managers_page.get_by_role("rowheader", name=f"{SLIPS + 1}行目").wait_for()

    managers_page.get_by_role("link", name="ファイルを選び直す").first.click()
    upload(managers_page, filled(template, chain.today, wrong=False))
    managers_page.get_by_role("cell", name=SALES).first.wait_for()
    managers_page.get_by_role("button", name="取り込む").click()
    see_result_later(managers_page, portal)

    open_till(page, portal, chain.clerk, chain.today)
    close_with_total(page, str(SLIPS * 1100))
    page.get_by_text(SALES).first.wait_for()
    closing = Closing.objects.get(day__store=chain.store)
    assert (closing.slip_count, closing.sales_total, closing.cash_difference) == (SLIPS, SLIPS * 1100, 0)
