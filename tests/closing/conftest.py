"""A day at 渋谷店: its payment methods and reasons, and the evening on which it is closed."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from closing.categories import SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import CashMovement, CashReason, PaymentMethod
from closing.slip_content import PaymentPart, SlipContent, TaxPart
from closing.trading_day import open_day
from stores.audit import Origin
from stores.models import Register

DAY = date(2026, 4, 1)
EVENING = datetime(2026, 4, 1, 13, 10, tzinfo=UTC)  # 22:10 in Japan


def sale(number, amount=1100, method="CASH", **changes):
    """A slip of one rate and one method; a negative amount makes the parts of a red one."""
    content = {
        "number": number,
        "kind": SlipKind.SALE,
        "business_date": DAY,
        "issued_at": EVENING,
        "register_number": 1,
        "staff_code": "0102",
        "taxes": (TaxPart(TaxCategory.STANDARD_10, amount, amount // 11),),
        "payments": (PaymentPart(method, amount),),
    }
    return SlipContent(**content | changes)


def book(store, *contents, by, today=DAY):
    return [booking.status for booking in book_slips(store, contents, by=by, today=today)]


KINDS = {"OWN": "OWN_VOUCHER", "SHARED": "SHARED_POINTS", "DEPOSIT": "DEPOSIT", "YAMADA": "ON_ACCOUNT", "EATS": "DELIVERY"}


@pytest.fixture
def evening():
    with time_machine.travel(EVENING, tick=False):
        yield EVENING


@pytest.fixture
def by(clerk):
    return Origin(clerk, EVENING, "127.0.0.1")


@pytest.fixture
def methods(company):
    kinds = {"CASH": ("現金", "CASH"), "VISA": ("VISA", "CREDIT"), "GIFT": ("百貨店商品券", "OTHER_VOUCHER")}
    return [PaymentMethod.objects.create(company=company, code=code, name=name, kind=kind) for code, (name, kind) in kinds.items()]


@pytest.fixture
def stationery(company):
    return CashReason.objects.create(company=company, code="0003", name="消耗品", for_paid_out=True, is_expense=True, account="消耗品費")


@pytest.fixture
def exchange(company):
    return CashReason.objects.create(company=company, code="0001", name="両替", for_paid_in=True, for_paid_out=True, account="現金")


@pytest.fixture
def day(shibuya, register, methods, by):
    return open_day(shibuya, DAY, by=by, today=DAY)


@pytest.fixture
def paid_out(register, stationery):
    """An 出金 that is not in the books yet."""
    return CashMovement(register=register, direction="PAID_OUT", reason=stationery, amount=880, payee="道玄坂文具店", receipt_date=DAY)


@pytest.fixture
def at_till(client, shibuya):
    """Return a function that gives the client the session of a till operator."""

    def enter(operator, store=shibuya):
        client.force_login(operator)
        session = client.session
        session["till_store"] = store.pk
        session.save()
        return client

    return enter


@pytest.fixture
def shop(shibuya, kichijoji, register, methods, company):
    """渋谷店 with every kind of payment, and a register at 吉祥寺店."""
    Register.objects.create(store=kichijoji, number=1)
    PaymentMethod.objects.bulk_create(PaymentMethod(company=company, code=code, name=code, kind=kind) for code, kind in KINDS.items())
    return shibuya


@pytest.fixture
def books_add_up(db):
    """Whatever happened, afterwards each yen is where it belongs."""
    yield
    call_command("check_books", stdout=StringIO())
