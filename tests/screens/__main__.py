"""Starts the demo on databases of its own, walks it as each person, and takes the pictures."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from regi_admin import processes
from regi_admin.demo_settings import settings_of_demo, sqlite_url
from tests.browser import QUIET, chromium_path
from tests.screens.album import WIDTHS, Album

FOLDER = processes.CHECKOUT / "screens"
LOCALES = {"ja": "ja-JP", "en": "en-US"}


def main() -> None:
    wanted = read_arguments()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as directory:
        port, sandbox_port = processes.free_ports(2)
        os.environ |= settings_of_demo(sandbox_port) | own_places(Path(directory))
        django.setup()
        for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=processes.CHECKOUT, check=True)
        with processes.running(processes.commands(port, sandbox_port), environment=dict(os.environ), logs=Path(directory)) as started:
            processes.wait_until_ready(started, [f"http://127.0.0.1:{port}/readyz"])
            album = take_all(f"http://127.0.0.1:{port}", wanted)
    sys.exit(album.report(is_whole=not (wanted.only or wanted.papers)))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/screens", description="Pictures of every page, in the ignored folder screens/.")
    parser.add_argument("--only", metavar="NAME", default="", help="only pages whose name holds this, such as deliveries")
    parser.add_argument("--english", action="store_true", help="in English instead of Japanese")
    parser.add_argument("--papers", action="store_true", help="only what is printed: PDFs, and pictures of their A4 sheets")
    return parser.parse_args()


def own_places(directory: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "regi_admin.settings",
        "DATABASE_URL": sqlite_url(directory / "portal.sqlite3"),
        "SANDBOX_DATABASE_URL": sqlite_url(directory / "sandbox.sqlite3"),
        "STATE_DIR": str(directory / "state"),
    }


def take_all(portal: str, wanted: argparse.Namespace) -> Album:
    # The walks know the addresses of the portal, and those need its settings.
    from tests.screens.walking import PEOPLE, walk_as

    album = Album(FOLDER, only=wanted.only, papers_only=wanted.papers)
    locale = LOCALES["en" if wanted.english else "ja"]
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for person in PEOPLE:
            context = chromium.new_context(locale=locale, timezone_id="Asia/Tokyo", viewport=WIDTHS["1280"], reduced_motion="reduce")
            context.set_extra_http_headers({"Accept-Language": locale})
            walk_as(person, context.new_page(), portal, album)
            context.close()
        chromium.close()
    return album


if __name__ == "__main__":
    main()
