"""A register's week over a bad line: calls are cut before or after the portal has worked, repeated, and come out of order."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from closing.models import BusinessDay, Closing, KeptSlip, Slip
from closing.models.totals import day_figures
from tests.api.register import movement, red_slip, slip
from tests.closing.conftest import DAY

WEEK = [DAY - timedelta(days=back) for back in range(6, -1, -1)]


class LineCut(Exception):
    """The call, or its answer, was lost."""


@dataclass
class Line:
    """Loses every third call or so: half of them before the portal has heard it, half after."""

    till: object
    chance: random.Random

    def post(self, path, sent):
        luck = self.chance.random()
        if luck < 0.15:
            raise LineCut
        answer = self.till.post(path, sent)
        if luck < 0.3:
            raise LineCut
        assert answer.status_code == 200, answer.content
        return answer.json()


@dataclass
class Journal:
    """What the register itself wrote down on its paper roll."""

    slips: dict = field(default_factory=dict)
    cash: int = 30_000
    sales: int = 0

    def note(self, sent):
        total = sum(part["amount"] for part in sent["taxes"])
        self.slips[sent["number"]] = total
        self.sales += total
        self.cash += sum(part["amount"] for part in sent["payments"] if part["method"] == "CASH")


def insist(line, path, sent):
    """Call until there is an answer, as a register does that works through its queue."""
    while True:
        try:
            return line.post(path, sent)
        except LineCut:
            continue


def trade(day, chance):
    """Return a day's journal and what the register queues on it: slips, some taken back, and one thing paid out."""
    journal, queue = Journal(), []
    for number in range(1, chance.randint(8, 20)):
        amount, method = chance.randint(1, 9_999), chance.choice(["CASH", "CASH", "VISA"])
        queue.append(("slips", slip(f"{number:06}", amount, method, business_date=day.isoformat())))
    _path, first = queue[0]
    original = first["reverses"] or {"store": "0001", "register": 1, "business_date": day.isoformat(), "number": first["number"]}
    back = red_slip("R00001", first["number"], first["taxes"][0]["amount"], business_date=day.isoformat())
    queue.append(("slips", back | {"reverses": original}))
    for _path, sent in queue:
        journal.note(sent)
    paid = movement(business_date=day.isoformat(), receipt_date=None, amount=880)
    journal.cash -= paid["amount"]
    return journal, [*queue, ("movements", paid)]


def upload(line, queue, chance):
    """Send the queue in batches, shuffled, some of it twice."""
    items = queue + chance.sample(queue, len(queue) // 3)
    chance.shuffle(items)
    for first in range(0, len(items), 5):
        some = items[first : first + 5]
        for kind, path in (("slips", "/slips"), ("movements", "/cash-movements")):
            if batch := [sent for each, sent in some if each == kind]:
                results = insist(line, path, {kind: batch})["results"]
                assert {result["status"] for result in results} <= {"created", "unchanged"}


def test_after_a_week_over_a_bad_line_the_books_are_the_registers_journal(till, books_add_up):
    chance = random.Random(1)
    line, journals = Line(till, chance), {}
    for day in WEEK:
        journals[day], queue = trade(day, chance)
        insist(line, f"/days/{day}/open", {"opening_float": 30_000, "staff_code": "0102"})
        upload(line, queue, chance)
        count = {"actual_cash": journals[day].cash, "carry_over": min(30_000, journals[day].cash), "staff_code": "0102"}
        insist(line, f"/days/{day}/close", count)

    assert figures_in_the_books() == {day: (journal.slips, journal.sales, journal.cash) for day, journal in journals.items()}
    assert (Closing.objects.count(), KeptSlip.objects.count()) == (7, 0)
    assert [closing.cash_difference for closing in Closing.objects.all()] == [0] * 7


def test_a_register_that_was_offline_for_three_days_brings_everything(till, books_add_up):
    chance = random.Random(4)
    days = WEEK[-3:]
    journals, queues = zip(*(trade(day, chance) for day in days), strict=True)

    upload(Line(till, chance), [item for queue in queues for item in queue], chance)

    books = figures_in_the_books()
    # Nobody has opened these days, so that no float was put in.
    assert books == {day: (journal.slips, journal.sales, journal.cash - 30_000) for day, journal in zip(days, journals, strict=True)}


def figures_in_the_books() -> dict[date, tuple]:
    """Return per day the total of each slip, the sales, and what the drawer should hold."""
    books = {}
    for day in BusinessDay.objects.all():
        figures = day_figures(day)
        books[day.date] = (dict(Slip.objects.filter(day=day).values_list("number", "total")), figures.gross_sales, figures.expected_cash)
    return books
