"""What people do at the end of a month, found as they find it: by label, role and word."""

from django.utils.formats import date_format

from tests.journeys.portal_pages import answer_question, open_tab
from tests.journeys.words import sentence_about, word


def export_last_month(page):
    """Return the file for Yayoi; last month is what the page proposes."""
    open_tab(page, "連携状況")
    page.get_by_role("link", name=word("弥生インポート形式")).first.click()
    page.get_by_role("button", name=word("内容を確認")).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=word("ダウンロード")).click()
    return download.value.path().read_bytes()


def open_reconciliation(page):
    open_tab(page, "連携状況")
    page.get_by_role("link", name=word("照合"), exact=True).click()


def reconcile(page, daybook, *, since):
    """Upload a 仕訳日記帳 of these lines, and return what the page counts, as (word, rows)."""
    page.get_by_label(word("仕訳日記帳のファイル")).set_input_files(
        {"name": "仕訳日記帳.txt", "mimeType": "text/csv", "buffer": "".join(daybook).encode("cp932")}
    )
    page.get_by_label(word("開始日")).fill(since.isoformat())
    page.get_by_role("button", name=word("照合する")).click()
    counts = page.locator(".match-counts").inner_text()
    return [(name, int(rows)) for name, rows in zip(counts.split()[::2], counts.split()[1::2], strict=True)]


def open_months(page):
    open_tab(page, "売上管理")
    page.get_by_role("navigation", name=word("売上管理のページ")).get_by_role("link", name=word("月次締め")).click()


def row_of_month(page, day):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=date_format(day, "YEAR_MONTH_FORMAT"), exact=True))


def lock_month(page, day):
    row_of_month(page, day).get_by_role("button", name=word("月次締め")).click()
    answer_question(page, sentence_about("%(name)sを締めます。よろしいですか。"))
    row_of_month(page, day).get_by_text(word("締め済み"), exact=True).wait_for()
