"""A chain with many slips, for a benchmark: a few days are booked, and the database copies them to other stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from closing.categories import PaymentKind, ReversalReason, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, Closing, PaymentMethod, Slip, SlipPayment, SlipSplit, SlipTax
from closing.models.totals import day_figures
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.tax import own_tax
from closing.trading_day import RegisterCount, close_day, open_day
from stores.audit import Origin
from stores.models import Company, Register, Role, Staff, Store
from yayoi_link.addresses import parse_link
from yayoi_link.benchmark_copies import continue_numbering, copy_rows, distance_to_copy, without_checks
from yayoi_link.links import LinkEntry, register_links

FIRST_DAY = date(2026, 4, 1)
METHODS = {"CASH": PaymentKind.CASH, "VISA": PaymentKind.CREDIT, "PAYQ": PaymentKind.QR}
REGISTERS = (1, 2)
BATCH = 10_000
COPIED = (Slip, SlipTax, SlipPayment, SlipSplit)
FLOAT = 30_000  # yen


@dataclass(slots=True)
class Chain:
    """One company whose stores have two registers and a link each. `dates` are the 営業日 that nobody has traded on yet."""

    company: Company
    by: Origin
    stores: list[Store] = field(default_factory=list)
    dates: Iterator[date] = field(default_factory=lambda: (FIRST_DAY + timedelta(days=number) for number in range(10**5)))

    @classmethod
    def found(cls) -> Chain:
        company = Company.objects.create(code="1000", name="計測")
        staff = Staff.objects.create(company=company, code="0001", role=Role.COMPANY_ADMIN, name="計測")
        PaymentMethod.objects.bulk_create(PaymentMethod(company=company, code=code, name=code, kind=kind) for code, kind in METHODS.items())
        return cls(company, Origin(staff, timezone.now()))

    def store(self, number: int) -> Store:
        """Return the store of that number from 0 on, opened with all before it when it is a new one."""
        while len(self.stores) <= number:
            code = f"{len(self.stores) + 1:04}"
            store = Store.objects.create(company=self.company, code=code, name=f"計測店{code}")
            Register.objects.bulk_create(Register(store=store, number=register) for register in REGISTERS)
            url = parse_link(f"https://receiver.example/{code}", ports=frozenset({443}))
            register_links([LinkEntry(store, is_enabled=True, url=url)], by=self.by)
            self.stores.append(store)
        return self.stores[number]

    def sell(self, size: int) -> BusinessDay:
        """Book a day of so many slips at the first store, on the next date."""
        day = next(self.dates)
        opened = open_day(self.store(0), day, by=self.by, today=day)
        for first in range(0, size, BATCH):
            slips = [slip_of_day(day, number) for number in range(first, min(first + BATCH, size))]
            book_slips(self.store(0), slips, by=self.by, today=day)
        return BusinessDay.objects.get(pk=opened.pk)

    def open(self, number: int, date: date) -> BusinessDay:
        return open_day(self.store(number), date, by=self.by, today=date)

    def take_back(self, day: BusinessDay) -> None:
        """Let a customer of the day bring back what the first slip sold."""
        sale = slip_of_day(day.date, 0)
        red = replace(
            sale,
            number="R",
            kind=SlipKind.REVERSAL,
            reason=ReversalReason.RETURN,
            original=OriginalSlip(day.store.code, sale.register_number, sale.business_date, sale.number),
            taxes=tuple(TaxPart(part.category, -part.amount, -part.tax) for part in sale.taxes),
            payments=tuple(PaymentPart(part.method, -part.amount) for part in sale.payments),
            guests=0,
        )
        book_slips(day.store, [red], by=self.by, today=day.date)

    def close(self, day: BusinessDay) -> Closing:
        return close_day(day, counts=[RegisterCount(number, FLOAT, FLOAT) for number in REGISTERS], by=self.by)

    def close_counted(self, day: BusinessDay, *, off: int = 0) -> Closing:
        """Close the day with what its drawers should hold; the first is off by so many yen."""
        expected = {cash.register: cash.expected_cash for cash in day_figures(day).registers}
        counts = [RegisterCount(number, held + (off if number == REGISTERS[0] else 0), 0) for number, held in expected.items()]
        return close_day(day, counts=counts, by=self.by)

    def fill(self, wanted: int, *, per_day: int, stores: int, tell: Callable[[str], None]) -> int:
        """Trade at so many stores until there are as many slips as wanted, and return how many that are. `tell` hears how far it is."""
        present = 0
        while present < wanted:
            template = self.sell(per_day)
            present += per_day
            days = [self.open(number, template.date) for number in range(1, min(stores, 1 + (wanted - present) // per_day))]
            with without_checks():
                for day in days:
                    _copy(template, day)
            present += per_day * len(days)
            continue_numbering(COPIED)
            tell(f"+ {present:,}")
        return present


def gather_statistics() -> None:
    """Do at once what PostgreSQL does by itself for tables that grow slowly. SQLite never does."""
    if connection.vendor == "postgresql":
        connection.cursor().execute("VACUUM ANALYZE")


def slip_of_day(day: date, number: int) -> SlipContent:
    """Every third slip has both rates, every fifth is paid half by card."""
    amounts = {TaxCategory.STANDARD_10: 500 + number % 4_000}
    if number % 3 == 0:
        amounts[TaxCategory.REDUCED_8] = 300 + number % 700
    total = sum(amounts.values())
    by_card = total // 2 if number % 5 == 0 else 0
    payments = {"CASH": total - by_card, "VISA": by_card} if number % 2 else {"PAYQ": total - by_card, "VISA": by_card}
    return SlipContent(
        number=f"{number:06}",
        kind=SlipKind.SALE,
        business_date=day,
        issued_at=timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(seconds=number % 86_400),
        register_number=1 + number % 2,
        staff_code="0001",
        taxes=tuple(TaxPart(category, amount, own_tax(amount, category, day)) for category, amount in amounts.items()),
        payments=tuple(PaymentPart(method, amount) for method, amount in payments.items() if amount),
        guests=1,
    )


def _copy(template: BusinessDay, day: BusinessDay) -> None:
    """Let another store have sold the same on the same date: then a slip's digest is right in the copy too.

    The copies of a table's rows take the numbers after its last, in the same order.
    """
    rows = {model: model.objects.filter(**{"day" if model is Slip else "slip__day": template}) for model in COPIED}
    distances = {model: distance_to_copy(rows[model]) for model in COPIED}
    changed = {
        "day_id": str(day.pk),
        "store_id": str(day.store_id),
        "register_id": _other_registers(template.store, day.store),
        "slip_id": f"slip_id + {distances[Slip]}",
    }
    for model in COPIED:
        copy_rows(rows[model], distance=distances[model], changed=changed)
    BusinessDay.objects.filter(pk=day.pk).update(entries=template.entries, slip_count=template.slip_count, sales_total=template.sales_total)


def _other_registers(store: Store, other: Store) -> str:
    pairs = zip(*(of.registers.order_by("number").values_list("pk", flat=True) for of in (store, other)), strict=True)
    return f"CASE register_id {' '.join(f'WHEN {register} THEN {counterpart}' for register, counterpart in pairs)} END"
