"""Copies rows of a benchmark inside its database, many at once, with what they refer to among themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max, Min

from closing.models import BusinessDay

APPS = ("closing", "yayoi_link")
RANDOM_KEY = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def distance_to_copy(rows: models.QuerySet) -> int:
    """Return how far behind the rows their copies will be numbered, after the last of the table."""
    return rows.model.objects.latest("pk").pk - rows.earliest("pk").pk + 1


def copy_rows(rows: models.QuerySet, *, distance: int, changed: Mapping[str, str]) -> None:
    """Copy rows that are numbered one after another. `changed` are the columns that get another value, as SQL."""
    model = rows.model
    columns = [field.column for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
    values = {column: column for column in columns} | {name: sql for name, sql in changed.items() if name in columns}
    values[model._meta.pk.column] = f"id + {distance}"
    ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    connection.cursor().execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) SELECT {', '.join(values.values())} "  # noqa: S608  our own names
        f"FROM {model._meta.db_table} WHERE id BETWEEN {ends['first']} AND {ends['last']}"
    )


def copy_date(source: date, target: date) -> None:
    """Let every store have had the same business day on another date too, with all that hangs on it."""
    distances: dict[type[models.Model], int] = {}
    with without_checks():
        for model, path in _hanging_on_days():
            rows = model.objects.filter(**{path: source})
            if rows.exists():
                distances[model] = distance_to_copy(rows)
                copy_rows(rows, distance=distances[model], changed=_shifted(model, distances, days=(target - source).days))
    continue_numbering(distances)


@contextmanager
def without_checks() -> Iterator[None]:
    """What is copied refers to what is there: PostgreSQL need not look up each row's foreign keys. Takes a superuser."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.cursor().execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        connection.cursor().execute("SET session_replication_role = DEFAULT")


def continue_numbering(copied: Collection[type[models.Model]]) -> None:
    """PostgreSQL does not notice the numbers that the copies took."""
    for statement in connection.ops.sequence_reset_sql(no_style(), list(copied)):
        connection.cursor().execute(statement)


def _hanging_on_days() -> Iterator[tuple[type[models.Model], str]]:
    """Yield the models whose rows belong to a business day, those that others refer to first, with the way to its date."""
    paths: dict[type[models.Model], str] = {BusinessDay: "date"}
    yield BusinessDay, "date"
    waiting = [model for app in APPS for model in apps.get_app_config(app).get_models() if model is not BusinessDay]
    while found := [(model, path) for model in waiting if (path := _way_to_date(model, paths))]:
        for model, path in found:
            paths[model] = path
            waiting.remove(model)
            yield model, path


def _way_to_date(model, paths):
    """Return how the model leads to the date, through what it always refers to; empty when it does not, or not yet."""
    ways = [field for field in model._meta.concrete_fields if field.related_model in paths and not field.null]
    return f"{ways[0].name}__{paths[ways[0].related_model]}" if ways else ""


def _shifted(model, distances, *, days):
    changed = {}
    for field in model._meta.concrete_fields:
        if field.related_model in distances:
            changed[field.column] = f"{field.column} + {distances[field.related_model]}"
        elif type(field) is models.DateField:
            changed[field.column] = _days_later(field.column, days)
        elif isinstance(field, models.UUIDField):
            changed[field.column] = "NULL" if field.null else RANDOM_KEY[connection.vendor]
    return changed


def _days_later(column, days):
    return f"date({column}, '{days:+} days')" if connection.vendor == "sqlite" else f"{column} + ({days})"
