"""開局 and レジ精算 that a register reports by itself. The same report twice changes nothing, and has the same answer."""

from datetime import date

from django.db import transaction

from closing.cash import cash_difference
from closing.models import BusinessDay, ClosingRegister, RegisterDay
from closing.models.totals import day_figures
from closing.register_closing import count_register, recount
from closing.register_settlement import RegisterCount, moved_since_count
from closing.trading_day import open_day, set_opening_float, settle_later
from stores.audit import Origin
from stores.models import Register


class NotOpened(Exception):
    """The store has no such 営業日."""


class OtherFigures(Exception):
    """The register was counted with other figures. `settled` says who and when."""

    def __init__(self, settled: RegisterDay):
        super().__init__(f"register day {settled.pk} has other figures")
        self.settled = settled


class ReasonRequired(Exception):
    """The drawer is off (yen) by more than the store's tolerance, and nobody says why."""

    def __init__(self, difference: int):
        super().__init__(f"{difference} yen off without a reason")
        self.difference = difference


@transaction.atomic
def report_opening(register: Register, day: date, *, opening_float: int, by: Origin, today: date) -> RegisterDay:
    """開局 of one register with its 釣銭準備金 (yen). Raises FutureDate, MonthLocked, and OtherFigures once it is counted."""
    opened = open_day(register.store, day, by=by, today=today)
    BusinessDay.objects.add_entries(opened, rows=0)
    settled = settle_later(opened, register)
    if settled.opening_float == opening_float:
        return settled
    if settled.state != RegisterDay.State.OPEN or not BusinessDay.objects.filter(pk=opened.pk).open().exists():
        raise OtherFigures(settled)
    set_opening_float(opened, register, amount=opening_float, by=by)
    return RegisterDay.objects.select_related("day").get(pk=settled.pk)


@transaction.atomic
def report_count(register: Register, day: date, count: RegisterCount, *, by: Origin) -> RegisterDay:
    """レジ精算 of one register: the last one that the day waited for closes it. After a 仮閉局 the next close takes the count.

    Raises NotOpened, OtherFigures, ReasonRequired and MonthLocked.
    """
    known = BusinessDay.objects.select_related("store__company").filter(store=register.store, date=day).first()
    if known is None:
        raise NotOpened
    # Of two reports at once the second sees what the first has done.
    BusinessDay.objects.add_entries(known, rows=0)
    known.refresh_from_db(fields=["state", "revision", "entries"])
    settled = settle_later(known, register)
    figures = day_figures(known)
    if _stands(settled, known, figures):
        if _says_the_same(settled, count):
            return settled
        raise OtherFigures(settled)
    _check_reason(count, figures, known.store.difference_tolerance)
    if known.is_open:
        count_register(known, count, by=by)
    else:
        recount(known, [count], seen_revision=known.revision, by=by)
    return RegisterDay.objects.select_related("day").get(pk=settled.pk)


def difference_of(settled: RegisterDay) -> int:
    """Return how much (yen) the drawer was over when it was counted, as the last close froze it if there was one."""
    frozen = ClosingRegister.objects.of_last_revisions().filter(closing__day=settled.day_id, register=settled.register_id)
    closed = frozen.filter(actual_cash=settled.actual_cash).first()
    if closed:
        return closed.cash_difference
    expected = settled.expected_when_counted
    if expected is None:
        expected = _expected(settled.register.number, day_figures(settled.day))
    return cash_difference(settled.actual_cash, expected)


def _stands(settled, day, figures):
    """A count whose drawer has moved since, while the day is open, is asked for once more."""
    if settled.state != RegisterDay.State.COUNTED:
        return False
    return not day.is_open or settled.register.number not in moved_since_count(day, figures)


def _says_the_same(settled, count):
    pieces = {str(value): number for value, number in count.pieces.items() if number}
    counted = {value: number for value, number in settled.counts.items() if number}
    said = (count.actual_cash, count.carry_over, count.reason, pieces)
    return (settled.actual_cash, settled.carry_over, settled.reason, counted) == said


def _check_reason(count, figures, tolerance):
    difference = cash_difference(count.actual_cash, _expected(count.register, figures))
    if abs(difference) > tolerance and not count.reason:
        raise ReasonRequired(difference)


def _expected(number, figures):
    return next(cash.expected_cash for cash in figures.registers if cash.register == number)
