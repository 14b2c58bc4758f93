"""An empty database for a benchmark, of the configured kind, made for it and thrown away again."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from yayoi_link.gate_journal_table import DATABASE as JOURNAL


@dataclass(frozen=True, slots=True)
class Scratch:
    """The scratch database, which Django's connection now leads to. `folder` lasts as long as it does."""

    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in order to work on it too."""
        return os.environ | {"DATABASE_URL": self.url, "STATE_DIR": str(settings.STATE_DIR), "GATE_JOURNAL_DATABASE_URL": ""}


@contextmanager
def scratch_database() -> Iterator[Scratch]:
    """An empty, migrated database beside the configured one, which stays as it is."""
    with tempfile.TemporaryDirectory(prefix="regi-benchmark-") as name:
        folder = Path(name)
        scratch = Scratch(folder, _choose_place(folder))
        configured, before = connection.settings_dict["NAME"], (settings.STATE_DIR, settings.DEBUG)
        # The gate journal that a first migrate makes belongs to the scratch database too: what is sent from here would put the
        # portal's own journal ahead of its database. Under DEBUG every query would be kept.
        settings.STATE_DIR, settings.DEBUG = folder / "state", False
        journal = settings.DATABASES.pop(JOURNAL, None)
        connection.creation.create_test_db(verbosity=0, serialize=False)
        try:
            yield scratch
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)
            settings.STATE_DIR, settings.DEBUG = before
            if journal:
                settings.DATABASES[JOURNAL] = journal


def _choose_place(folder: Path) -> str:
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        test["NAME"] = str(folder / "scratch.sqlite3")
        return f"sqlite:///{test['NAME']}"
    test["NAME"] = f"benchmark_{folder.name[-8:]}".lower()
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{test['NAME']}").geturl()
