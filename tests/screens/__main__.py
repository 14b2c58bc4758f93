"""Starts the demo on databases of its own, walks it as each person, and takes the pictures."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from playwright.sync_api import BrowserContext, sync_playwright

from regi_admin import processes
from regi_admin.demo_settings import settings_of_demo, sqlite_url
from tests.browser import QUIET, chromium_path
from tests.screens.album import WIDTHS, Album

FOLDER = processes.CHECKOUT / "screens"
LOCALES = {"ja": "ja-JP", "en": "en-US"}
# Milliseconds. On a machine that is busy a job takes its time.
PATIENCE = 120_000


def main() -> None:
    wanted = read_arguments()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as directory:
        port, sandbox_port = processes.free_ports(2)
        os.environ |= settings_of_demo(sandbox_port) | own_places(Path(directory))
        # Scenes ask the database while Playwright's event loop is there.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        django.setup()
        for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=processes.CHECKOUT, check=True)
        with processes.running(processes.commands(port, sandbox_port), environment=dict(os.environ), logs=Path(directory)) as started:
            processes.wait_until_ready(started, [f"http://127.0.0.1:{port}/readyz"])
            album = take_all(f"http://127.0.0.1:{port}", wanted, worker=started["worker"])
    sys.exit(album.report(is_whole=not (wanted.only or wanted.papers)))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/screens", description="Pictures of every page, in the ignored folder screens/.")
    parser.add_argument("--only", metavar="NAME", default="", help="only pages whose name holds this, such as deliveries")
    parser.add_argument("--english", action="store_true", help="in English instead of Japanese")
    parser.add_argument(
        "--forced-colors", action="store_true", help="in the few colours of somebody's own, as Windows forces them on pages"
    )
    parser.add_argument("--papers", action="store_true", help="only what is printed: PDFs, and pictures of their A4 sheets")
    return parser.parse_args()


def own_places(directory: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "regi_admin.settings",
        "DATABASE_URL": sqlite_url(directory / "portal.sqlite3"),
        "SANDBOX_DATABASE_URL": sqlite_url(directory / "sandbox.sqlite3"),
        "STATE_DIR": str(directory / "state"),
    }


def take_all(portal: str, wanted: argparse.Namespace, worker: subprocess.Popen) -> Album:
    # The walks know the addresses of the portal, and those need its settings.
    from tests.screens import programme
    from tests.screens.stage import Stage
    from tests.screens.walking import NAMES, PEOPLE, play, walk_as, walk_before_sign_in

    album = Album(FOLDER, only=wanted.only, papers_only=wanted.papers, colours="active" if wanted.forced_colors else "none")
    with browser_context(wanted) as context:
        page = context.new_page()
        walk_before_sign_in(Stage(page, portal, album, "anyone"))
        for person in PEOPLE:
            walk_as(person, Stage(page, portal, album, person.name))
        for scenes, is_working in ((programme.AFTERWARDS, True), (programme.WITHOUT_WORKER, False)):
            if not is_working:
                processes.end([worker])
            for code, played in scenes:
                stage = Stage(page, portal, album, NAMES[code])
                stage.sign_in(code)
                for scene in played:
                    play(scene, stage)
    return album


@contextlib.contextmanager
def browser_context(wanted: argparse.Namespace) -> Iterator[BrowserContext]:
    locale = LOCALES["en" if wanted.english else "ja"]
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        context = chromium.new_context(locale=locale, timezone_id="Asia/Tokyo", viewport=WIDTHS["1280"], reduced_motion="reduce")
        context.set_extra_http_headers({"Accept-Language": locale})
        context.set_default_timeout(PATIENCE)
        yield context
        chromium.close()


if __name__ == "__main__":
    main()
