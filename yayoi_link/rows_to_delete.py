"""The sheet of rows to delete in Yayoi, as a CSV for a spreadsheet: UTF-8 with BOM, CRLF, with a header."""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from yayoi_link.journal import Side
from yayoi_link.models.labels import STATES
from yayoi_link.presence import PastPosting
from yayoi_link.states import State

# What a spreadsheet would run as a formula.
STARTS_A_FORMULA = tuple("=+-@\t\r＝＋－＠")


def rows_to_delete(postings: Iterable[PastPosting]) -> bytes:
    """Return one line per row that is or may be at Yayoi, in the order of the screen; amounts in yen."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_("送信日時"), _("状態"), _("日付"), _("借方"), _("貸方"), _("税区分"), _("金額"), _("摘要")])
    for posting in postings:
        sent_at = posting.delivery.gate_at
        when = f"{timezone.localtime(sent_at):%Y/%m/%d %H:%M:%S}" if sent_at else ""
        state = str(STATES[State(posting.delivery.state)])
        for entry in posting.entries:
            sides = (_account(entry.debit), _account(entry.credit), entry.counter.tax_category)
            cells = (when, state, f"{entry.date:%Y/%m/%d}", *sides, str(entry.amount), entry.description)
            writer.writerow([defused(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def defused(cell: str) -> str:
    """Return the cell as a spreadsheet shows it without running it."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _account(side: Side) -> str:
    return "／".join(filter(None, (side.account, side.sub_account, side.department)))
