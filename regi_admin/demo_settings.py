"""The .env of `bin/demo`: a production set-up that serves this machine only."""

import base64
import os
import secrets
import zlib
from pathlib import Path
from urllib.parse import quote

from regi_admin.processes import CHECKOUT

SETTINGS_FILE = CHECKOUT / ".env"
FILES = CHECKOUT / "demo"
WRITTEN_BY_DEMO = "# Written by bin/demo, which keeps it in step with what it runs. Without this line it leaves the file alone."
KEPT = ["SECRET_KEY", "LINK_KEYS", "LINK_HASH_KEY"]


def write_settings(sandbox_port: int) -> None:
    """Write .env, so that `manage.py` beside it sees the portal that runs. Secrets once made are kept; somebody's own file too."""
    text = SETTINGS_FILE.read_text(encoding="utf-8") if SETTINGS_FILE.exists() else WRITTEN_BY_DEMO
    if WRITTEN_BY_DEMO not in text:
        return
    FILES.mkdir(exist_ok=True)
    values = settings_of_demo(sandbox_port) | kept_secrets(text)
    SETTINGS_FILE.touch(mode=0o600)
    SETTINGS_FILE.write_text("\n".join([WRITTEN_BY_DEMO, *(f"{name}='{value}'" for name, value in values.items()), ""]), encoding="utf-8")


def kept_secrets(text: str) -> dict[str, str]:
    """Return the keys of an earlier run: without them it could not read the links it has stored."""
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {name: values[name].strip("'") for name in KEPT if name in values}


def settings_of_demo(sandbox_port: int) -> dict[str, str]:
    """Return the values of .env; databases and STATE_DIR of the environment come first."""
    return {
        "DEBUG": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SECRET_KEY": new_key() + new_key(),
        "LINK_KEYS": new_key(),
        "LINK_HASH_KEY": new_key(),
        "OUTBOUND_ALLOW_LOOPBACK": "1",
        "DATABASE_URL": os.environ.get("DATABASE_URL") or sqlite_url(FILES / "regi.sqlite3"),
        "SANDBOX_DATABASE_URL": os.environ.get("SANDBOX_DATABASE_URL") or sqlite_url(FILES / "sandbox.sqlite3"),
        "SANDBOX_URL": f"http://127.0.0.1:{sandbox_port}",
        "STATE_DIR": os.environ.get("STATE_DIR") or str(CHECKOUT / "state" / state_name(os.environ.get("DATABASE_URL", ""))),
    }


def state_name(database_url: str) -> str:
    """Return a folder of its own for each database: a gate journal that knows more than its database stops all sending."""
    return f"{zlib.crc32(database_url.encode()):08x}" if database_url else "demo"


def new_key() -> str:
    """Return 32 random bytes as text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def sqlite_url(path: Path) -> str:
    """Return DATABASE_URL of the file, wherever the checkout lies."""
    return f"sqlite:///{quote(str(path))}"
