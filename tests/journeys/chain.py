"""The company of one story, with everything that its people need before their first day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone

from closing.categories import PaymentKind
from closing.models import CashReason, PaymentMethod
from stores.audit import Origin
from stores.models import Company, Register, Role, Staff, Store
from tests.cast import make_person
from yayoi_link.addresses import parse_link
from yayoi_link.links import LinkEntry, register_links

METHODS = [("CASH", "現金", PaymentKind.CASH), ("VISA", "クレジットカード", PaymentKind.CREDIT), ("PAYPAY", "PayPay", PaymentKind.QR)]
ONE_SALE = """\
伝票番号,種別,営業日,日時,POS番号,担当者コード,10%対象額,10%消費税,支払:CASH
000001,売上,{day},{day}T12:34:56+09:00,1,0102,1100,100,1100
"""
TWO_TAX_RATES = """\
伝票番号,種別,営業日,日時,POS番号,担当者コード,10%対象額,10%消費税,8%(軽減)対象額,8%(軽減)消費税,支払:CASH
000001,売上,{day},{day}T12:34:56+09:00,1,0102,1100,100,540,40,1640
"""


@dataclass(frozen=True, slots=True)
class Chain:
    company: Company
    store: Store
    admin: Staff
    manager: Staff
    clerk: Staff
    accountant: Staff
    today: date

    @property
    def yesterday(self):
        return self.today - timedelta(days=1)

    @property
    def last_of_month(self):
        """The last day of the month that is over."""
        return self.today.replace(day=1) - timedelta(days=1)


def found_chain(code, name, store_name):
    company = Company.objects.create(code=code, name=name)
    Store.objects.create(company=company, code="0000", name=f"{name}の本部", kind=Store.Kind.HEAD_OFFICE)
    store = Store.objects.create(company=company, code="0001", name=store_name)
    Register.objects.create(store=store, number=1, name=f"{store_name}のレジ")
    fill_masters(company)
    return Chain(
        company,
        store,
        admin=make_person(company, "0001", Role.COMPANY_ADMIN, f"{name}の社長"),
        manager=make_person(company, "0101", Role.STORE_MANAGER, f"{store_name}の店長", store),
        clerk=make_person(company, "0102", Role.CLERK, f"{store_name}のスタッフ", store),
        accountant=make_person(company, "0901", Role.ACCOUNTANT, f"{name}の経理"),
        today=timezone.localdate(),
    )


def fill_masters(company):
    for code, name, kind in METHODS:
        PaymentMethod.objects.create(company=company, code=code, name=name, kind=kind)
    CashReason.objects.create(company=company, code="0003", name="消耗品の購入", for_paid_out=True, is_expense=True, account="消耗品費")


def connect(chain, address, *, since):
    """What manual 2-2 does, for stories that begin after it."""
    entry = LinkEntry(chain.store, is_enabled=True, starts_on=since, url=parse_link(address, allow_loopback=True))
    register_links([entry], by=Origin(chain.admin, timezone.now()))


def load_slips(chain, path, slips):
    """The store's registers send their sales: the lines of a slip file."""
    path.write_text(slips, encoding="utf-8")
    call_command("load_slips", str(path), company=chain.company.code, store=chain.store.code, verbosity=0)
