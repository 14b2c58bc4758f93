"""The sheet of rows to delete in Yayoi, as a CSV for a spreadsheet: UTF-8 with BOM, CRLF, with a header."""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from closing.models import BusinessDay
from stores.spreadsheet import csv_lines
from yayoi_link.journal import Side
from yayoi_link.models.labels import STATES
from yayoi_link.presence import PastPosting, past_postings_of_days
from yayoi_link.states import State

DAYS_AT_ONCE = 200


def rows_to_delete(postings: Iterable[PastPosting]) -> bytes:
    """Return one line per row that is or may be at Yayoi, in the order of the screen; amounts in yen."""
    return "".join(_lines(postings)).encode()


def rows_to_delete_of_days(days: QuerySet[BusinessDay]) -> Iterator[bytes]:
    """Yield the same sheet for many days, in their order."""
    chunks = batched(days.iterator(chunk_size=DAYS_AT_ONCE), DAYS_AT_ONCE)
    postings = (posting for chunk in chunks for posting in past_postings_of_days(chunk))
    return (line.encode() for line in _lines(postings))


def _lines(postings: Iterable[PastPosting]) -> Iterator[str]:
    header = [_("送信日時"), _("状態"), _("日付"), _("借方"), _("貸方"), _("税区分"), _("金額"), _("摘要")]
    return csv_lines(header, (row for posting in postings for row in _rows(posting)))


def _rows(posting: PastPosting) -> Iterator[list[object]]:
    sent_at = posting.delivery.gate_at
    when = f"{timezone.localtime(sent_at):%Y/%m/%d %H:%M:%S}" if sent_at else ""
    state = STATES[State(posting.delivery.state)]
    for entry in posting.entries:
        sides = (_account(entry.debit), _account(entry.credit), entry.counter.tax_category)
        yield [when, state, f"{entry.date:%Y/%m/%d}", *sides, entry.amount, entry.description]


def _account(side: Side) -> str:
    return "／".join(filter(None, (side.account, side.sub_account, side.department)))
