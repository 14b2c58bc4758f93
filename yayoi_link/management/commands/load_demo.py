import subprocess
import sys
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from stores.audit import Origin
from stores.master_sync import sync_master
from stores.models import Company, Store
from yayoi_link.addresses import parse_link
from yayoi_link.demo import aftermath, companies, trading, troubles
from yayoi_link.demo.shop import JAPAN
from yayoi_link.links import LinkEntry, register_links

DAYS = 60


class Command(BaseCommand):
    help = "Loads the demo companies: 60 closed days per store, one open, one forgotten. Safe to repeat."

    def handle(self, **options):
        now = timezone.now()
        if Company.objects.filter(code=companies.COFFEE).exists():
            self.stdout.write("デモ企業は読み込み済みです。")
            return
        with transaction.atomic():
            coffee, books = companies.make_coffee_chain(), companies.make_bookshop()
            self.link(coffee, "0001", "0002", at=now - timedelta(days=DAYS + 2))
            self.trade(coffee, now=now)
            self.trade_books(books, now=now)
        for trouble in troubles.TROUBLES:
            troubles.cause(trouble, companies.COFFEE, today=trading.trading_date(now))

    def link(self, company, *store_codes, at):
        by = Origin(company.staff.get(code="0001"), at, "127.0.0.1")
        stores = Store.objects.filter(company=company, code__in=store_codes)
        register_links([LinkEntry(store, is_enabled=True, url=self.sandbox_link(store)) for store in stores], by=by)
        sync_master(company.stores.retail(), by=by)

    def sandbox_link(self, store):
        """Let the sandbox issue a link, or find the one it issued before."""
        command = [
            sys.executable,
            "-m",
            "django",
            "sandbox_issue_link",
            "--settings=yayoi_link.sandbox.settings",
            f"--account=komorebi-{store.company.code}",
            f"--password={companies.PASSWORD}",
            f"--office={store.company.name}",
            f"--label={store.name}",
        ]
        issued = subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True)
        return parse_link(issued.stdout.strip(), ports=frozenset(settings.OUTBOUND_PORTS), allow_loopback=True)

    def trade(self, company, *, now):
        today = trading.trading_date(now)
        for shop in (companies.SHIBUYA, companies.KICHIJOJI, companies.KAMAKURA):
            store = company.stores.get(code=shop.store)
            # 吉祥寺店 forgot to close yesterday, 渋谷店 is trading at this moment, 鎌倉店 was closed from afar two days ago.
            forgotten = shop is companies.KICHIJOJI
            for back in range(DAYS + forgotten, forgotten, -1):
                self.trade_and_close(store, shop, today - timedelta(days=back), today=today)
            if forgotten:
                yesterday = today - timedelta(days=1)
                day = trading.trade(store, shop, yesterday, until=_night_after(yesterday), today=today)
                aftermath.go_on_selling(day, shop.open_for_hours(now, day=today), now=now, by=self.manager(company, now))
            if shop is companies.SHIBUYA:
                trading.trade(store, shop.open_for_hours(now, day=today), today, until=now, today=today)
            self.stdout.write(f"{store} {DAYS}日分")
        self.go_on(company, today=today, now=now)

    def go_on(self, company, *, today, now):
        """What people and registers do about days that are closed."""
        by, admin = self.manager(company, now), Origin(company.staff.get(code="0001"), now, "127.0.0.1")
        shibuya, kichijoji = (company.stores.get(code=shop.store) for shop in (companies.SHIBUYA, companies.KICHIJOJI))
        oldest = today - timedelta(days=DAYS)
        aftermath.upload_late(kichijoji, companies.KICHIJOJI, today - timedelta(days=7), by=by, today=today)
        aftermath.lock_oldest_month(company, oldest, by=admin, today=today)
        backs = {"conflict": 1, "unknown": 2, "locked": DAYS, "training": 3}
        days = {cause: today - timedelta(days=back) for cause, back in backs.items()}
        aftermath.send_what_is_refused(shibuya, companies.SHIBUYA, days, by=by, today=today)
        yesterday = today - timedelta(days=1)
        early, late = (trading.by_at(shibuya, companies.SHIBUYA, yesterday, hour) for hour in (8, 22))
        aftermath.leave_notes(shibuya, yesterday, early=early, late=replace(late, actor=by.actor))

    def manager(self, company, now):
        return Origin(company.staff.get(code="0101"), now, "127.0.0.1")

    def trade_books(self, company, *, now):
        today = trading.trading_date(now)
        store = company.stores.get(code="0001")
        for back in range(14, 0, -1):
            self.trade_and_close(store, companies.BOOKSTORE, today - timedelta(days=back), today=today)

    def trade_and_close(self, store, shop, day, *, today):
        opened = trading.trade(store, shop, day, until=_night_after(day), today=today)
        if shop is companies.KAMAKURA and day == today - timedelta(days=2):
            aftermath.close_without_count(opened, by=trading.by_at(store, shop, day, shop.closes + 14))
        else:
            trading.close(opened, shop, today=today)


def _night_after(day):
    return datetime.combine(day + timedelta(days=1), time(5), JAPAN)
