"""`bin/demo`: the portal with its demo companies, the worker and the sandbox, until Ctrl-C."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections

from regi_admin import processes
from regi_admin.demo_settings import FILES, write_settings
from regi_admin.processes import PortalEnded

LOGS = FILES / "logs"
SIGN_INS = """
  企業コード  担当者コード
  1000        0001    こもれび珈琲  企業管理者
  1000        0101    こもれび珈琲  店長（渋谷店・吉祥寺店）
  1000        0102    こもれび珈琲  スタッフ（渋谷店）
  1000        0901    こもれび珈琲  経理・税理士
  2000        0001    となりの書店  企業管理者
  パスワード  regi-demo
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="begin anew: the demo's databases and STATE_DIR are deleted")
    fresh = parser.parse_args().fresh
    port, sandbox_port = int(os.environ.get("PORT", "8000")), int(os.environ.get("SANDBOX_PORT", "8001"))
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, stop)
    refuse_ports_in_use({"PORT": port, "SANDBOX_PORT": sandbox_port})
    write_settings(sandbox_port)
    prepare(fresh=fresh)
    sys.exit(run(port, sandbox_port))


def stop(signum, frame) -> None:
    """End as asked; a second Ctrl-C must not interrupt the ending of the others."""
    for further in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(further, signal.SIG_IGN)
    sys.exit(0)


def refuse_ports_in_use(ports: dict[str, int]) -> None:
    for variable, port in ports.items():
        if not processes.is_free(port):
            sys.exit(f"Port {port} is in use: end what listens there, or choose another with {variable}=…")


def prepare(*, fresh: bool) -> None:
    """Bring database, static files and demo companies up to date. What is there already is kept, unless it is to be forgotten."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regi_admin.settings")
    try:
        django.setup()
        if fresh:
            forget_everything()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_demo")
    except (CommandError, ImproperlyConfigured, DatabaseError) as error:
        sys.exit(str(error))
    finally:
        connections.close_all()


def forget_everything() -> None:
    """Delete what an earlier demo left: its tables, its sandbox, its state."""
    shutil.rmtree(settings.STATE_DIR, ignore_errors=True)
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir()
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        for table in [*connection.introspection.django_table_names(only_existing=True), "django_migrations"]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")


def run(port: int, sandbox_port: int) -> int:
    """Run until somebody stops it (0), or until one of the processes ends by itself (1, with the reason as the last word)."""
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    try:
        run_until_one_ends(port, sandbox_port)
    except PortalEnded as reason:
        print(end_of_log(reason.name), reason, sep="\n", file=sys.stderr)
    return 1


def end_of_log(name: str) -> str:
    """Return the last lines that the process wrote, or of no process in particular where all logs are."""
    log = LOGS / f"{name}.log"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:]) if log.exists() else f"Logs: {LOGS}"


def run_until_one_ends(port: int, sandbox_port: int) -> None:
    """Run the three and print where they are reached. Raises PortalEnded."""
    portal, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    commands = processes.commands(port, sandbox_port)
    with ExitStack() as running:
        started: dict[str, subprocess.Popen] = {}
        # The sandbox first: a worker that finds nobody there would put off what it has to send.
        for names, page in ((["sandbox"], f"{sandbox}/"), (["portal", "worker"], f"{portal}/readyz")):
            chosen = {name: commands[name] for name in names}
            started |= running.enter_context(processes.running(chosen, environment=dict(os.environ), logs=LOGS))
            processes.wait_until_ready(started, [page])
        print(
            f"\n  管理画面            {portal}/\n  弥生（お試し環境）  {sandbox}/\n{SIGN_INS}\n  Logs: {LOGS}\n  Ctrl-C ends it.",
            flush=True,
        )
        while True:
            processes.check_alive(started)
            time.sleep(0.2)


if __name__ == "__main__":
    main()
