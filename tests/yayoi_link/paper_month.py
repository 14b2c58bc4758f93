"""April at 渋谷店, with everything in it that a tax accountant asks about."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation

from closing.cash_movements import explain_difference
from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, CashMovement, CashReason, Holiday, PaymentMethod, RegisterDay
from closing.register_settlement import RegisterCount
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.trading_day import close_day, open_day, record_movement
from tests.yayoi_link import fates
from yayoi_link.importfile import Dialect
from yayoi_link.monthly_papers.archive import Archive
from yayoi_link.monthly_papers.making import paper_count, papers_in_pieces
from yayoi_link.monthly_papers.scope import scope_for

MONTH = date(2026, 4, 1)
FIRST, SECOND, THIRD, FOURTH = (date(2026, 4, number) for number in (1, 2, 3, 4))
NOON = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)  # 12:00 in Japan
AFTERWARDS = date(2026, 5, 1)
FOLDER = "税理士向け月次資料_1000_2026-04"
SALE = SlipContent(
    number="1",
    kind=SlipKind.SALE,
    business_date=FIRST,
    issued_at=NOON,
    register_number=1,
    staff_code="0101",
    taxes=(TaxPart(TaxCategory.STANDARD_10, 2200, 200), TaxPart(TaxCategory.REDUCED_8, 1080, 80)),
    payments=(PaymentPart("CASH", 3280),),
)


def taking_back(sale, number, day, *, reason):
    return replace(
        sale,
        number=number,
        kind=SlipKind.REVERSAL,
        business_date=day,
        reason=reason,
        original=OriginalSlip("0001", 1, sale.business_date, sale.number),
        taxes=tuple(TaxPart(part.category, -part.amount, -part.tax) for part in sale.taxes),
        payments=tuple(PaymentPart(part.method, -part.amount) for part in sale.payments),
    )


def trade(store, day, *slips, by, count=None):
    """Open the day, book the slips, close it with this count, and return its delivery."""
    opened = open_day(store, day, by=by, today=NOON.date())
    assert {booking.status for booking in book_slips(store, slips, by=by, today=NOON.date())} <= {"created"}
    return close_day(opened, counts=[count] if count else None, by=by).deliveries.get()


@pytest.fixture
def april(shop, linked, company, state_dir):
    """The 1st: short by 100 yen, explained on the 4th, and a late slip. The 2nd: a return; 結果不明. The 3rd: a gift card; not sent."""
    with time_machine.travel(NOON, tick=False):
        by = shop.by
        PaymentMethod.objects.create(company=company, code="VISA", name="=VISA", kind="CREDIT")
        coins = CashReason.objects.create(company=company, code="0009", name="釣銭の渡し間違い", for_paid_out=True, account="雑損失")
        cards = replace(SALE, number="2", taxes=SALE.taxes[1:], payments=(PaymentPart("VISA", 1080),))
        mistake = taking_back(cards, "3", FIRST, reason=ReversalReason.MISTAKE)
        fates.deliver_it(trade(linked, FIRST, SALE, cards, mistake, by=by, count=RegisterCount(1, 3180, 3000, reason="=1+1 の渡し間違い")))
        fates.meet(trade(linked, SECOND, taking_back(SALE, "1", SECOND, reason=ReversalReason.RETURN), by=by), fates.CUT)
        card = TaxPart(TaxCategory.NON_SALES_VOUCHER, 3000, 0)
        trade(linked, THIRD, replace(SALE, business_date=THIRD, taxes=(card,), payments=(PaymentPart("CASH", 3000),)), by=by)
        late = replace(SALE, number="L1", taxes=SALE.taxes[:1], payments=(PaymentPart("CASH", 2200),))
        book_slips(linked, [late], by=by, today=NOON.date())
        short = RegisterDay.objects.get(day__date=FIRST)
        found = CashMovement(direction="SHORT_EXPLAINED", reason=coins, amount=100, explains=short, memo="翌日返してもらった")
        explain_difference(open_day(linked, FOURTH, by=by, today=NOON.date()), found, by=by)
        Holiday.objects.create(store=linked, date=date(2026, 4, 5), note="棚卸")
    return linked


@pytest.fixture
def paid_out(april, shop, company):
    """出金 that came in after the 1st was closed."""
    reason = CashReason.objects.create(company=company, code="0003", name="消耗品", for_paid_out=True, is_expense=True, account="消耗品費")
    with time_machine.travel(NOON, tick=False):
        bought = CashMovement(register=april.registers.get(), direction="PAID_OUT", reason=reason, amount=880, payee="道玄坂文具店")
        return record_movement(BusinessDay.objects.get(date=FIRST), bought, by=shop.by)


@pytest.fixture
def papers(april, accountant):
    """The papers of April, as the accountant takes them: text by name."""
    return opened(bytes_of(accountant))


def bytes_of(person, *, month=MONTH, store=None, dialect=Dialect.DESKTOP, today=AFTERWARDS):
    scope = scope_for(person, month, store=store, dialect=dialect, today=today)
    with translation.override("ja"), Archive(scope.name) as archive:
        assert sum(papers_in_pieces(scope, archive)) == paper_count(scope)
        with archive.finish() as file:
            return file.read()


def opened(content):
    """Return {name without the folder: text} of a ZIP."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    return {name: file.decode("cp932" if name.startswith("08") else "utf-8-sig") for name, file in files.items()}


def rows_of(files, name):
    """Return the rows of a CSV below its header, as lists of cells."""
    return list(csv.reader(io.StringIO(files[name])))[1:]
