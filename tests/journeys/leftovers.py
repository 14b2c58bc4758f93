"""Everything that a run has left where somebody could read it, as (place, text)."""

import base64
import io
import json
import zipfile
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection


def answers_in(recording):
    """Every answer that a browser got: its address, headers and body, from the recording of the run."""
    for entry in json.loads(Path(recording).read_text(encoding="utf-8"))["log"]["entries"]:
        address, answer = entry["request"]["url"], entry["response"]
        yield f"answer of {address}", f"{address} {answer['headers']} {body_of(answer['content'])}"


def body_of(content):
    text = content.get("text", "")
    return base64.b64decode(text).decode(errors="replace") if content.get("encoding") == "base64" else text


def rows_of_database():
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield f"table {table}", " ".join(readable(value) for value in row)


def readable(value):
    return unpacked(bytes(value)) if isinstance(value, bytes | memoryview) else str(value)


def unpacked(content):
    """The text of a file; of an archive the texts of all that is in it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return " ".join(f"{name} {unpacked(archive.read(name))}" for name in archive.namelist())


def downloads(page, *addresses):
    """What the person who is signed in gets to save."""
    for address in addresses:
        answer = page.context.request.get(address)
        assert answer.ok, address
        yield f"download {address}", unpacked(answer.body())


def sessions():
    """Sessions are stored compressed: their rows show nothing of what is in them."""
    for session in Session.objects.all():
        yield "session", str(session.get_decoded())


def files_in(*folders):
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield f"file {path.name}", unpacked(path.read_bytes())
