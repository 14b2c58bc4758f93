"""What is left after the chaos run: counts what the receiver holds against what the portal says."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from django.db import connection
from django.db.models import Exists, OuterRef

from closing.models import BusinessDay, Closing
from yayoi_link.chaos_processes import SECRET
from yayoi_link.chaos_receiver import KIND, Note
from yayoi_link.models import Attempt, Delivery, Outcome
from yayoi_link.outbox import book
from yayoi_link.states import NEEDS_A_PERSON, State

DONE = frozenset({State.DELIVERED, State.SETTLED, State.WAIVED})


def faults_of(notes: Iterable[Note]) -> Counter:
    """Count what the receiver did wrong, by kind."""
    return Counter(note.done for note in notes if note.done != KIND[0])


def generations_doubled(notes: Iterable[Note]) -> int:
    """Count generations of which the receiver keeps more than one copy."""
    copies = Counter(note.key for note in notes if note.is_kept)
    return sum(count > 1 for count in copies.values())


def days_doubled(notes: Iterable[Note]) -> int:
    """Count days of which the receiver keeps more than one revision or generation, although nobody asked for a second one."""
    day_of = {str(key): day for key, day in Delivery.objects.values_list("key", "day")}
    kept = {note.key for note in notes if note.is_kept}
    return sum(count > 1 for count in Counter(day_of[key] for key in kept).values())


def days_not_there_once(notes: Iterable[Note]) -> int:
    """Count closed days of which the receiver does not keep exactly one copy; of a day that came to nothing, any.

    Where a day came to nothing after something of it may have been sent, a person has looked: one copy or none is right.
    """
    copies = Counter(note.key for note in notes if note.is_kept)
    of_day: Counter = Counter()
    for day, key in Delivery.objects.exclude(state=State.WAIVED, attempts=None).values_list("day", "key").distinct():
        of_day[day] += copies[str(key)]
    came_to_nothing = set(Delivery.objects.current().filter(is_empty=True).values_list("day", flat=True))
    looked_at = set(_days_that_came_to_nothing_later())
    return sum(count not in _right_counts(day in came_to_nothing, day in looked_at) for day, count in of_day.items())


def _right_counts(came_to_nothing, looked_at):
    if came_to_nothing:
        return {0}
    return {0, 1} if looked_at else {1}


def _days_that_came_to_nothing_later():
    """Of these nothing was frozen: what is waived is asked what it would have posted."""
    waived = Delivery.objects.current().filter(state=State.WAIVED, body=None)
    for delivery in waived.select_related("day__store__company", "closing"):
        if book(delivery.closing.figures, delivery.day, revision=delivery.closing.revision).is_empty:
            yield delivery.day_id


def falsely_delivered(notes: Iterable[Note]) -> int:
    """Count deliveries called 連携済 of which the receiver keeps no copy, or that it never acknowledged."""
    acknowledged = {note.key for note in notes if note.is_kept and note.is_acknowledged}
    delivered = Delivery.objects.filter(state=State.DELIVERED).values_list("key", flat=True)
    return sum(str(key) not in acknowledged for key in delivered)


def lost() -> int:
    """Count closed days about which nobody would do anything more, although they are not done."""
    looked_after = Delivery.objects.current().filter(day=OuterRef("pk"), state__in=DONE | NEEDS_A_PERSON)
    closed = BusinessDay.objects.filter(Exists(Closing.objects.filter(day=OuterRef("pk"))))
    return closed.filter(~Exists(looked_after)).count()


def tries_without_verdict() -> int:
    """Count tries on which nobody ruled, neither their worker nor the reaper."""
    return Attempt.objects.filter(~Exists(Outcome.objects.filter(attempt=OuterRef("pk")))).count()


def unresolved() -> dict[str, int]:
    """Count what waits for a person, by state: nobody can know whether it arrived, or it was refused."""
    states = Delivery.objects.current().filter(state__in=NEEDS_A_PERSON).values_list("state", flat=True)
    return dict(Counter(states))


def secrets_leaked(logs: Iterable[Path]) -> int:
    """Count the files and tables in which a piece of a link is found."""
    files = sum(SECRET.encode() in path.read_bytes() for path in logs)
    return files + sum(map(_names_secret, connection.introspection.table_names()))


def _names_secret(table):
    columns = [column.name for column in connection.introspection.get_table_description(connection.cursor(), table)]
    with connection.cursor() as cursor:
        anywhere = " OR ".join(f"CAST({connection.ops.quote_name(column)} AS TEXT) LIKE %s" for column in columns)
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} WHERE {anywhere} LIMIT 1", [f"%{SECRET}%"] * len(columns))  # noqa: S608
        return cursor.fetchone() is not None
