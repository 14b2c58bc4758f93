"""A company that posts to receivers of the tests: stores with links, and days closed the way people close them."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, PaymentMethod
from closing.signals import Wish
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart
from closing.trading_day import close_again, close_day, open_day
from stores.audit import Origin
from stores.models import Company, Register, Staff, Store
from yayoi_link.addresses import parse_link
from yayoi_link.links import LinkEntry, register_links
from yayoi_link.models import Delivery

DAY = date(2026, 4, 1)
NEXT_DAY = DAY + timedelta(days=1)


@dataclass
class Shop:
    """`store` opens a store, `close` closes a day of it with one sale and returns the delivery that came of it."""

    company: Company
    manager: Staff
    codes: itertools.count = field(default_factory=lambda: itertools.count(1001))

    @property
    def by(self):
        return Origin(self.manager, timezone.now(), "127.0.0.1")

    def store(self, url):
        store = Store.objects.create(company=self.company, code=str(next(self.codes)), name="支店")
        Register.objects.create(store=store, number=1)
        self.link(store, url)
        return store

    def link(self, store, url, *, is_enabled=True, grace_minutes=0):
        link = parse_link(url, allow_loopback=True)
        register_links([LinkEntry(store, is_enabled, grace_minutes=grace_minutes, url=link)], by=self.by)

    def switch_off(self, store):
        register_links([LinkEntry(store, is_enabled=False)], by=self.by)

    def close(self, store, day=DAY, *, amount=1100):
        opened = open_day(store, day, by=self.by, today=day)
        self.sell(store, day, "1", amount)
        return close_day(opened, counts=None, by=self.by).deliveries.get()

    def sell(self, store, day, number, amount=1100, *, method="CASH"):
        sale = SlipContent(
            number=number,
            kind=SlipKind.SALE,
            business_date=day,
            issued_at=timezone.now(),
            register_number=1,
            staff_code=self.manager.code,
            taxes=(TaxPart(TaxCategory.STANDARD_10, amount, amount // 11),),
            payments=(PaymentPart(method, amount),),
        )
        book_slips(store, [sale], by=self.by, today=day)
        return sale

    def take_back(self, store, sale):
        """A red slip over the whole sale, which was a mistake of the same day."""
        red = replace(
            sale,
            number=f"9{sale.number}",
            kind=SlipKind.REVERSAL,
            reason=ReversalReason.MISTAKE,
            original=OriginalSlip(store.code, 1, sale.business_date, sale.number),
            taxes=tuple(TaxPart(part.category, -part.amount, -part.tax) for part in sale.taxes),
            payments=tuple(PaymentPart(part.method, -part.amount) for part in sale.payments),
        )
        book_slips(store, [red], by=self.by, today=sale.business_date)

    def close_again(self, delivery, *, seen_revision=1, wish=Wish.SEND):
        """The next revision of the delivery's day, by default as a person asks for it who knows nothing of what was sent."""
        day = BusinessDay.objects.get(pk=delivery.day_id)
        return close_again(day, seen_revision=seen_revision, by=self.by, wish=wish).deliveries.get()


@pytest.fixture
def shop(company, manager):
    PaymentMethod.objects.create(company=company, code="CASH", name="現金", kind="CASH")
    return Shop(company, manager)


def state_of(delivery):
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def outcomes_of(delivery):
    """(source, verdict, error) of everything that was written down about its tries."""
    return list(
        Delivery.objects.filter(pk=delivery.pk, attempts__outcomes__isnull=False)
        .order_by("attempts__number", "attempts__outcomes__pk")
        .values_list("attempts__outcomes__source", "attempts__outcomes__verdict", "attempts__outcomes__error")
    )
