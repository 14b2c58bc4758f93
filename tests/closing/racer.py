"""One of several processes that meet at the same day: says that it is ready, waits for the start, acts, says what became of it."""

import os
import subprocess
import sys

import django

ENTRY_POINT = [sys.executable, "-m", "tests.closing.racer"]
SLIPS = 20


def race(actions, *, day, database_url):
    """Let one process per action start at the same moment, and return what each of them said."""
    environment = os.environ | {"DATABASE_URL": database_url}
    racers = [
        subprocess.Popen([*ENTRY_POINT, action, str(position), str(day.pk)], env=environment, stdin=-1, stdout=-1, text=True)
        for position, action in enumerate(actions)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate(timeout=120)[0].splitlines() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * len(racers)
    return answers


def close(day, position, by):
    from closing.trading_day import AlreadyClosed, RegisterCount, close_day

    try:
        return [f"closed {close_day(day, counts=[RegisterCount(1, position, position)], by=by).actual_cash}"]
    except AlreadyClosed as refusal:
        return [f"refused {refusal.closing.actual_cash}"]


def sell(day, position, by):
    from tests.closing.conftest import book, sale

    return [book(day.store, sale(f"{position}-{number}"), by=by)[0] for number in range(SLIPS)]


def repeat(day, position, by):
    from tests.closing.conftest import book, sale

    return [book(day.store, sale(f"{number}"), by=by)[0] for number in range(SLIPS)]


def pay_out(day, position, by):
    from closing.models import CashMovement, CashReason
    from closing.trading_day import AlreadyRecorded, record_movement

    movement = CashMovement(
        uuid="0" * 32, register=day.store.registers.get(), direction="PAID_OUT", reason=CashReason.objects.get(), amount=880
    )
    try:
        record_movement(day, movement, by=by)
    except AlreadyRecorded:
        return ["already recorded"]
    return ["recorded"]


def take_back(day, position, by):
    """Take slip 1 back whole; everybody here has a form of his own."""
    from uuid import UUID

    from closing.categories import ReversalReason, TaxCategory
    from closing.models import Slip
    from closing.slip_corrections import SlipRefused
    from closing.slip_corrections import take_back as book_red_slip
    from closing.taking_back import TakingBack
    from stores.models import Register

    taking = TakingBack(ReversalReason.RETURN, {TaxCategory.STANDARD_10: 1100}, {"CASH": 1100})
    # From two registers of two stores, where there are: their locks are not the same.
    registers = list(Register.objects.order_by("pk"))
    place = {"register": registers[position % len(registers)], "business_date": day.date, "form_key": UUID(int=position)}
    try:
        return [f"taken back {book_red_slip(Slip.objects.get(number='1'), taking, by=by, today=day.date, **place).total}"]
    except SlipRefused as refusal:
        return [f"refused {refusal.problems[0].code}"]


def count(day, position, by):
    """Count one register: the first racer register 1, the second register 2."""
    from closing.register_closing import count_register
    from closing.trading_day import RegisterCount

    return ["closed" if count_register(day, RegisterCount(position + 1, 0, 0), by=by) else "counted"]


def lock(day, position, by):
    from datetime import timedelta

    from closing.month_locks import DaysLeft, lock_month

    try:
        lock_month(day.store.company, day.date.replace(day=1), by=by, today=day.date + timedelta(days=31))
    except DaysLeft:
        return ["left"]
    return ["locked"]


def correct(day, position, by):
    """Say of the only movement that it came to another amount; everybody here says another one."""
    from closing.models import CashMovement
    from closing.movement_corrections import AlreadyCancelled, copy_of, correct_movement

    movement = CashMovement.objects.get(uuid="0" * 32)
    instead = copy_of(movement)
    instead.amount += position
    try:
        return [f"corrected {correct_movement(movement, instead, reason='x', by=by).amount}"]
    except AlreadyCancelled:
        return ["already cancelled"]


def move(day, position, by):
    """Move what is there to the next day, as often as the first one sells."""
    from datetime import timedelta

    from closing.moving_slips import movable, move_slips
    from closing.trading_day import ChangedMeanwhile

    to, said = day.date + timedelta(days=1), []
    for _ in range(SLIPS):
        seen = movable(day, since=None, to=to)
        try:
            move_slips(day, since=None, to=to, seen=seen, reason="x", by=by, today=to)
            said.append(f"moved {seen.slips}")
        except ChangedMeanwhile:
            said.append("changed")
    return said


def add_method(day, position, by):
    """Register a method under the code that everybody here registers."""
    from closing.masters import CodeTaken, add_master
    from closing.models import PaymentMethod

    method = PaymentMethod(company=day.store.company, code="PAYPAY", name=f"PayPay{position}", kind="QR")
    try:
        return [f"made {add_master(method, changes={}, by=by).name}"]
    except CodeTaken:
        return ["taken"]


def retire_cash(day, position, by):
    """Retire one of two cash methods: the first racer the first."""
    from closing.masters import LastCashMethod, retire_master
    from closing.models import PaymentMethod

    try:
        retire_master(PaymentMethod.objects.filter(kind="CASH").order_by("pk")[position], on=day.date, by=by)
    except LastCashMethod:
        return ["refused"]
    return ["retired"]


def arrive(day, position, by):
    """The slip that everybody else here takes back arrives."""
    from tests.closing.conftest import book, sale

    return book(day.store, sale("1"), by=by)


def refund_unseen(day, position, by):
    """Take 700 yen of slip 1 of 渋谷店 back from the receipt, at one of the stores."""
    from stores.models import Store
    from tests.closing.cases import taking_back
    from tests.closing.conftest import DAY, book

    stores = list(Store.objects.filter(registers__isnull=False).order_by("pk"))
    return book(stores[position % len(stores)], taking_back(f"R{position}", (DAY, "1"), amount=-700), by=by)


ALL = (add_method, arrive, close, correct, count, lock, move, pay_out, refund_unseen, repeat, retire_cash, sell, take_back)
ACTIONS = {action.__name__: action for action in ALL}


def main():
    django.setup()
    from closing.models import BusinessDay
    from stores.audit import Origin
    from stores.models import Staff
    from tests.closing.conftest import EVENING

    action, position, pk = sys.argv[1:]
    day = BusinessDay.objects.select_related("store__company").get(pk=pk)
    by = Origin(Staff.objects.get(), EVENING)
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    for said in ACTIONS[action](day, int(position), by):
        print(said, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
