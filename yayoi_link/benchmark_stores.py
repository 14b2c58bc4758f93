"""Stores of a benchmark, with links to its receiver, and days of theirs that wait for the worker or are to be closed."""

import copy
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched, islice

from django.utils import timezone

from closing.categories import PaymentKind, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, Closing, PaymentMethod
from closing.slip_content import PaymentPart, SlipContent, TaxPart
from closing.tax import own_tax
from closing.trading_day import close_day, open_day
from stores.audit import Origin
from stores.models import Company, Register, Role, Staff, Store
from yayoi_link.addresses import parse_link
from yayoi_link.benchmark_processes import BenchmarkReceiver
from yayoi_link.models import Delivery, YayoiLink

FIRST_DAY = date(2026, 4, 1)
BATCH = 1_000
AMOUNT = 1_100  # yen


@dataclass(frozen=True, slots=True)
class Stores:
    """Stores of one company, each with a link of its own, and the 営業日 that they have not had yet."""

    stores: Sequence[Store]
    by: Origin
    days: Iterator[date]

    def open_days(self) -> list[BusinessDay]:
        """Open the next day of every store, with one sale."""
        day = next(self.days)
        return [self._open(store, day) for store in self.stores]

    def close(self, day: BusinessDay) -> Delivery:
        return close_day(day, counts=None, by=self.by).deliveries.get()

    def fill_outbox(self, count: int) -> None:
        """Let so many closed days wait for the worker: copies of one that was really closed, spread over all stores."""
        self.copy_days(self.close_template(), count)

    def close_template(self) -> Delivery:
        """Close a day, and keep what it would send from being sent, before any worker runs."""
        template = self.close(self._open(self.stores[0], next(self.days)))
        Delivery.objects.filter(pk=template.pk).update(state="waived")
        return template

    def copy_days(self, template: Delivery, count: int) -> None:
        """Let so many copies of the day wait for the worker."""
        places = ((store, day) for day in self.days for store in self.stores)
        for some in batched(islice(places, count), BATCH):
            self._copy(template, some)

    def _open(self, store: Store, day: date) -> BusinessDay:
        opened = open_day(store, day, by=self.by, today=day)
        book_slips(store, [_sale(day)], by=self.by, today=day)
        return opened

    @staticmethod
    def _copy(template: Delivery, places: Sequence[tuple[Store, date]]) -> None:
        days = BusinessDay.objects.bulk_create(_copy_of(template.day, store=store, date=day) for store, day in places)
        closings = Closing.objects.bulk_create(_copy_of(template.closing, day=day) for day in days)
        Delivery.objects.bulk_create(_copy_of(template, key=uuid.uuid4(), day=each.day, closing=each) for each in closings)


def open_stores(count: int, receiver: BenchmarkReceiver) -> Stores:
    """Make a company with so many stores, each linked to the receiver."""
    number = Company.objects.count()
    company = Company.objects.create(code=str(1000 + number), name="計測")
    staff = Staff.objects.create(company=company, code="0001", role=Role.COMPANY_ADMIN, name="計測")
    PaymentMethod.objects.create(company=company, code="CASH", name="現金", kind=PaymentKind.CASH)
    stores = Store.objects.bulk_create(Store(company=company, code=f"{number:04}", name="計測店") for number in range(count))
    Register.objects.bulk_create(Register(store=store, number=1) for store in stores)
    YayoiLink.objects.bulk_create(_link(store, receiver) for store in stores)
    days = (FIRST_DAY + timedelta(days=number) for number in range(10**4))
    return Stores(stores, Origin(staff, timezone.now(), ""), days)


def _link(store: Store, receiver: BenchmarkReceiver) -> YayoiLink:
    link = YayoiLink(store=store, is_enabled=True)
    link.replace_url(parse_link(receiver.url(f"{store.company_id}-{store.code}"), allow_loopback=True))
    return link


def _copy_of(row, **changes):
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin._state.fields_cache = {}
    twin.pk = None
    for name, value in changes.items():
        setattr(twin, name, value)
    return twin


def _sale(day: date) -> SlipContent:
    return SlipContent(
        number="1",
        kind=SlipKind.SALE,
        business_date=day,
        issued_at=timezone.now(),
        register_number=1,
        staff_code="0001",
        taxes=(TaxPart(TaxCategory.STANDARD_10, AMOUNT, own_tax(AMOUNT, TaxCategory.STANDARD_10, day)),),
        payments=(PaymentPart("CASH", AMOUNT),),
    )
