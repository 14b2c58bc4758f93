"""`bin/screens`: starts the demo on databases of its own, walks every link that each person sees, and takes the pictures."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import django
from playwright.sync_api import sync_playwright

from regi_admin import processes
from regi_admin.demo_settings import settings_of_demo, sqlite_url
from tests.browser import QUIET, chromium_path

FOLDER = processes.CHECKOUT / "screens"
WIDTHS = {"1280": {"width": 1280, "height": 900}, "360": {"width": 360, "height": 740}}
PASSWORD = "regi-demo"
UNVISITED = {"stores:sign_out", "set_language"}


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    code: str
    at_till: bool = False


PEOPLE = (Person("admin", "0001"), Person("manager", "0101"), Person("accountant", "0901"), Person("till", "0102", at_till=True))


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as directory:
        port, sandbox_port = processes.free_ports(2)
        os.environ |= settings_of_demo(sandbox_port) | own_places(Path(directory))
        django.setup()
        for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=processes.CHECKOUT, check=True)
        with processes.running(processes.commands(port, sandbox_port), environment=dict(os.environ), logs=Path(directory)) as started:
            processes.wait_until_ready(started, [f"http://127.0.0.1:{port}/readyz"])
            take_all(f"http://127.0.0.1:{port}")


def own_places(directory: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "regi_admin.settings",
        "DATABASE_URL": sqlite_url(directory / "portal.sqlite3"),
        "SANDBOX_DATABASE_URL": sqlite_url(directory / "sandbox.sqlite3"),
        "STATE_DIR": str(directory / "state"),
    }


def take_all(portal: str) -> None:
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for person in PEOPLE:
            context = chromium.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport=WIDTHS["1280"], reduced_motion="reduce")
            page = context.new_page()
            sign_in(page, portal, person)
            walk(page, portal, person)
        chromium.close()


def sign_in(page, portal: str, person: Person) -> None:
    page.goto(f"{portal}/login/")
    take(page, "login", "anyone")
    page.get_by_label("企業コード").fill("1000")
    page.get_by_label("担当者コード").fill(person.code)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    if person.at_till:
        page.goto(f"{portal}/register/")
        take(page, "till-sign-in", person.name)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()


def walk(page, portal: str, person: Person) -> None:
    """Visit one page of each kind that links lead to, and take its pictures."""
    waiting, seen = [urlsplit(page.url).path], set()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        page.goto(portal + path)
        page.wait_for_load_state("networkidle")
        take(page, kind, person.name)
        waiting += page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")


def kind_of(link: str) -> str | None:
    from django.urls import Resolver404, resolve

    path = urlsplit(link)
    if path.netloc or not path.path.startswith("/"):
        return None
    try:
        kind = resolve(path.path).view_name
    except Resolver404:
        return None
    return None if kind in UNVISITED or kind.startswith("admin:") else kind.replace(":", "-")


def take(page, kind: str, who: str) -> None:
    folder = FOLDER / who
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, viewport in WIDTHS.items():
            page.set_viewport_size(viewport)
            page.screenshot(path=folder / f"{kind}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size(WIDTHS["1280"])


if __name__ == "__main__":
    main()
