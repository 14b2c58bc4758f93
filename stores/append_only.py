from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
"""


def refuse_changes(table: str) -> migrations.RunPython:
    """Return the migration operation whose database triggers refuse UPDATE and DELETE on the table."""
    return migrations.RunPython(_create(table), _drop(table))


def allow_changes(table: str) -> migrations.RunPython:
    """Return the migration operation that takes these triggers away, for new columns to be filled in. `refuse_changes` comes after that."""
    return migrations.RunPython(_drop(table), _create(table))


def _create(table):
    def create(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL.format(table=table))
            return
        for verb in ("update", "delete"):
            schema_editor.execute(SQLITE.format(table=table, verb=verb, event=verb.upper()))

    return create


def _drop(table):
    def drop(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}; DROP FUNCTION {table}_refuse();")
            return
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb};")

    return drop
