"""A database from before the drawers of a 日計 knew their date and who counted them."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from closing.models import ClosingRegister
from closing.register_closing import count_register
from closing.trading_day import RegisterCount, close_day
from tests.closing.conftest import book, sale

pytestmark = [pytest.mark.usefixtures("evening"), pytest.mark.django_db(transaction=True)]
BEFORE, AFTER = "0027_days_of_closings_are_read_from_an_index", "0028_drawers_know_their_date_and_who_counted"


def migrate_to(name):
    MigrationExecutor(connection).migrate([("closing", name)])


def migrate_to_the_end():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def earlier_drawers(second_register, day, shibuya, by, manager):
    """One drawer counted by the manager and one by the clerk, who closed the day with it."""
    book(shibuya, sale("1"), by=by)
    count_register(day, RegisterCount(1, 1_100, 0), by=replace(by, actor=manager))
    close_day(day, counts=[RegisterCount(2, 0, 0)], by=by)
    migrate_to(BEFORE)
    yield
    migrate_to_the_end()


def test_earlier_drawers_are_told_their_date_and_who_counted_them(earlier_drawers, day, by, manager):
    migrate_to(AFTER)

    drawers = ClosingRegister.objects.order_by("register__number").values_list("register__number", "date", "counted_by")
    assert list(drawers) == [(1, day.date, manager.pk), (2, day.date, by.actor.pk)]


def test_they_are_as_unchangeable_as_before(earlier_drawers):
    migrate_to(AFTER)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ClosingRegister.objects.update(expected_cash=0)
