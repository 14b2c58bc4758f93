"""Who is in the demo: two companies, their stores, people, methods and reasons."""

from django.contrib.auth.hashers import make_password

from closing.starting_masters import REASONS, give_masters
from stores.models import Company, Register, Role, Staff, Store
from yayoi_link.demo.shop import BOOKSHOP, COFFEE_SHOP, METHODS, Shop

PASSWORD = "regi-demo"  # noqa: S105 (printed by bin/demo; the portal refuses to serve it to anybody but this machine)

COFFEE = "1000"
BOOKS = "2000"
SHIBUYA = Shop(store="0001", opens=8, closes=22, customers=95, menu=COFFEE_SHOP, staff=("0101", "0102"), registers=2)
KICHIJOJI = Shop(store="0002", opens=9, closes=21, customers=60, menu=COFFEE_SHOP, staff=("0101", "0103"))
KAMAKURA = Shop(store="0003", opens=10, closes=19, customers=45, menu=COFFEE_SHOP, staff=("0103",), weekend=2.0, peaks=(12, 14, 15))
BOOKSTORE = Shop(store="0001", opens=10, closes=21, customers=40, menu=BOOKSHOP, staff=("0001",), peaks=(17, 18), is_eventful=False)


MORE_REASONS = (
    ("0007", "売掛金の回収", {"for_paid_in": True, "account": "売掛金", "sub_account": "山田商事"}),
    ("0008", "支払手数料", {"for_paid_out": True, "is_expense": True, "account": "支払手数料"}),
)


def make_coffee_chain() -> Company:
    company = _company(COFFEE, "こもれび珈琲")
    shibuya = _store(company, "0001", "渋谷店", registers=("1階レジ", "2階レジ"))
    kichijoji = _store(company, "0002", "吉祥寺店", registers=("レジ",))
    kamakura = _store(company, "0003", "鎌倉店", registers=("レジ",))
    _person(company, "0001", "木漏 日向", Role.COMPANY_ADMIN)
    _person(company, "0101", "渋谷 花子", Role.STORE_MANAGER, shibuya, kichijoji)
    _person(company, "0102", "宮下 歩", Role.CLERK, shibuya)
    _person(company, "0103", "小町 実", Role.CLERK, kichijoji, kamakura)
    _person(company, "0901", "税所 計", Role.ACCOUNTANT)
    return company


def make_bookshop() -> Company:
    company = _company(BOOKS, "となりの書店")
    _store(company, "0001", "本店", registers=("レジ",))
    _person(company, "0001", "隣 文子", Role.COMPANY_ADMIN)
    return company


def _company(code, name):
    company = Company.objects.create(code=code, name=name)
    Store.objects.create(company=company, code="0000", name="本部", kind=Store.Kind.HEAD_OFFICE)
    give_masters(company, methods=METHODS, reasons=REASONS + MORE_REASONS)
    return company


def _store(company, code, name, *, registers):
    store = Store.objects.create(company=company, code=code, name=name)
    Register.objects.bulk_create(Register(store=store, number=number, name=label) for number, label in enumerate(registers, 1))
    return store


def _person(company, code, name, role, *stores):
    person = Staff(company=company, code=code, name=name, role=role, password=make_password(PASSWORD))
    person.save()
    person.stores.set(stores)
