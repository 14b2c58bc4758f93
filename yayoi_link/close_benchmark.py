"""How long the close of a large day takes, on a database of the same kind made for it and thrown away again."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.categories import PaymentKind, SlipKind, TaxCategory
from closing.intake import book_slips
from closing.models import BusinessDay, PaymentMethod, Slip, SlipPayment, SlipSplit, SlipTax
from closing.slip_content import PaymentPart, SlipContent, TaxPart
from closing.tax import own_tax
from closing.trading_day import RegisterCount, close_day, open_day
from stores.audit import Origin
from stores.models import Company, Register, Role, Staff, Store
from yayoi_link.scratch_database import scratch_database

HELP = gettext_lazy("閉局")
SIZES = (100, 1_000, 10_000, 100_000)
FIRST_DAY = date(2026, 4, 1)
METHODS = {"CASH": PaymentKind.CASH, "VISA": PaymentKind.CREDIT, "PAYQ": PaymentKind.QR}
BATCH = 10_000
COPIED = (Slip, SlipTax, SlipPayment, SlipSplit)
FLOAT = 30_000  # yen


@dataclass(frozen=True, slots=True)
class Measurement:
    """One size of day, the median of its closes, each committed. `cpu_seconds` are this process's, `peak_kib` what Python held at once."""

    slips: int
    other_slips: int
    seconds: float
    cpu_seconds: float
    peak_kib: int
    queries: int

    def __str__(self) -> str:
        sentence = _("伝票 %(slips)s件: %(milliseconds).1f ミリ秒（CPU %(cpu).1f ミリ秒）、メモリー %(peak)s KiB、クエリー %(queries)s回")
        return sentence % {
            "slips": self.slips,
            "milliseconds": self.seconds * 1000,
            "cpu": self.cpu_seconds * 1000,
            "peak": self.peak_kib,
            "queries": self.queries,
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N", help=_("その営業日の伝票数"))
    parser.add_argument("--other-slips", type=int, default=0, metavar="N", help=_("ほかの営業日の伝票数"))


def measure(*, sizes: Sequence[int] = SIZES, other_slips: int = 0, tell: Callable[[str], None], **_options: object) -> list[Measurement]:
    """Close days of these sizes, over two registers, beside `other_slips` slips of other days. `tell` hears how far it is."""
    with scratch_database():
        store, by = _shop()
        dates = (FIRST_DAY + timedelta(days=number) for number in range(10**6))
        present = _fill_other_days(store, dates, other_slips, by=by, tell=tell)
        connection.cursor().execute("ANALYZE")
        return [_measure(store, size, dates, other_slips=present, by=by, tell=tell) for size in sizes]


def _shop() -> tuple[Store, Origin]:
    company = Company.objects.create(code="1000", name="計測")
    store = Store.objects.create(company=company, code="0001", name="計測店")
    staff = Staff.objects.create(company=company, code="0001", role=Role.COMPANY_ADMIN, name="計測")
    Register.objects.bulk_create(Register(store=store, number=number) for number in (1, 2))
    PaymentMethod.objects.bulk_create(PaymentMethod(company=company, code=code, name=code, kind=kind) for code, kind in METHODS.items())
    return store, Origin(staff, timezone.now(), "")


def _measure(store: Store, size: int, dates: Iterator[date], *, other_slips: int, by: Origin, tell: Callable[[str], None]) -> Measurement:
    tell(f"{size:,}")
    days = [_sell(store, next(dates), size, by=by) for _ in range(3 if size <= 1_000 else 1)]
    peak_kib, queries = _watch(days[0], by=by)
    seconds, cpu_seconds = map(statistics.median, zip(*(_time(day, by=by) for day in days), strict=True))
    return Measurement(size, other_slips, round(seconds, 4), round(cpu_seconds, 4), peak_kib, queries)


def _watch(day: BusinessDay, *, by: Origin) -> tuple[int, int]:
    """Close the day once for memory and queries, which slows it down, and take the close back."""
    with transaction.atomic():
        tracemalloc.start()
        with CaptureQueriesContext(connection) as queries:
            _close(day, by=by)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        transaction.set_rollback(True)
    return peak // 1024, len(queries)


def _time(day: BusinessDay, *, by: Origin) -> tuple[float, float]:
    day = BusinessDay.objects.get(pk=day.pk)
    started, cpu_before = time.perf_counter(), time.process_time()
    _close(day, by=by)
    return time.perf_counter() - started, time.process_time() - cpu_before


def _close(day: BusinessDay, *, by: Origin) -> None:
    close_day(day, counts=[RegisterCount(number, FLOAT, FLOAT) for number in (1, 2)], by=by)


def _sell(store: Store, day: date, size: int, *, by: Origin) -> BusinessDay:
    opened = open_day(store, day, by=by, today=day)
    for first in range(0, size, BATCH):
        book_slips(store, [_slip(day, number) for number in range(first, min(first + BATCH, size))], by=by, today=day)
    return opened


def _slip(day: date, number: int) -> SlipContent:
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


def _fill_other_days(store: Store, dates: Iterator[date], wanted: int, *, by: Origin, tell: Callable[[str], None]) -> int:
    """Book one day of slips, and let the database copy it until the table holds as many as wanted; return how many that are."""
    if not wanted:
        return 0
    template = _sell(store, next(dates), BATCH, by=by)
    present = BATCH
    while present < wanted:
        _copy(template, open_day(store, day := next(dates), by=by, today=day))
        present += BATCH
        tell(f"+ {present:,}")
    for statement in connection.ops.sequence_reset_sql(no_style(), COPIED):
        connection.cursor().execute(statement)
    return present


def _copy(template: BusinessDay, day: BusinessDay) -> None:
    """Copy slips with all their parts; a row's copy has its number, raised by the same distance for every row of a table."""
    distances = {model: model.objects.aggregate(last=Max("pk"))["last"] for model in COPIED}
    first, last = (Slip.objects.filter(day=template).order_by(order).values_list("pk", flat=True).first() for order in ("pk", "-pk"))
    changed = {"day_id": str(day.pk), "business_date": f"'{day.date}'", "date": f"'{day.date}'", "slip_id": f"slip_id + {distances[Slip]}"}
    for model in COPIED:
        columns = [field.column for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
        values = [changed.get(column, column) for column in columns]
        values[columns.index("id")] = f"id + {distances[model]}"
        which = "id" if model is Slip else "slip_id"
        connection.cursor().execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608  our own names
            f"FROM {model._meta.db_table} WHERE {which} BETWEEN {first} AND {last}"
        )
