import signal
import subprocess
import sys

import pytest
from django.conf import settings

from tests.yayoi_link.sandbox.postings import make_posting
from tests.yayoi_link.sandbox.running import IssuedLink, Visitor, running_sandbox, sandbox_environment

WHOSE = ["--account", "demo", "--password", "regi-demo", "--office", "こもれび珈琲"]


def run_django(sandbox, *arguments):
    command = [sys.executable, "-m", "django", *arguments, "--settings", "yayoi_link.sandbox.settings"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=sandbox.environment(), capture_output=True, text=True, check=True).stdout


def issue_link(sandbox, label):
    return run_django(sandbox, "sandbox_issue_link", *WHOSE, "--label", label).strip()


def test_a_link_issued_by_command_receives_for_its_account(sandbox):
    owner = Visitor(sandbox)
    address = issue_link(sandbox, "渋谷店")
    owner.sign_in("demo")

    answer = IssuedLink(owner, 0, address).send(make_posting())

    assert answer.json() == {"received": 1}
    assert len(owner.transactions()) == 1


def test_the_same_account_office_and_label_have_the_same_link(sandbox):
    assert issue_link(sandbox, "吉祥寺店") == issue_link(sandbox, "吉祥寺店") != issue_link(sandbox, "鎌倉店")


def test_the_models_have_their_migrations(sandbox):
    assert run_django(sandbox, "makemigrations", "--check", "--dry-run") == "No changes detected\n"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_sandbox_stops_cleanly(tmp_path, stop):
    with running_sandbox(tmp_path) as sandbox:
        sandbox.process.send_signal(stop)

        assert sandbox.process.wait(timeout=30) == 0


def test_a_link_can_be_issued_before_the_first_start(tmp_path):
    address = "http://127.0.0.1:8001"
    command = [
        sys.executable,
        "-m",
        "django",
        "sandbox_issue_link",
        "--settings",
        "yayoi_link.sandbox.settings",
        *WHOSE,
        "--label",
        "渋谷店",
    ]

    printed = subprocess.check_output(command, cwd=settings.BASE_DIR, env=sandbox_environment(tmp_path, address), text=True)

    assert printed.startswith(f"{address}/smart-import/")
