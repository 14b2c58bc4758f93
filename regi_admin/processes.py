"""The portal as it runs: web server, delivery worker and the sandbox of Yayoi, started and ended together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ENDING_SECONDS = 15
GUNICORN = ["gunicorn", "regi_admin.wsgi", "--worker-class", "gthread", "--threads", "16", "--graceful-timeout", "5", "--no-control-socket"]


class PortalEnded(Exception):
    """One of the processes ended by itself, or never became ready; the others make no sense without it. `name` is the one that ended."""

    def __init__(self, reason: str, *, name: str = ""):
        super().__init__(reason)
        self.name = name


def commands(port: int, sandbox_port: int) -> dict[str, list[str]]:
    """Return what each process is called, and the arguments for Python that start it."""
    return {
        "portal": ["-m", *GUNICORN, "--bind", f"127.0.0.1:{port}"],
        "worker": ["manage.py", "worker"],
        "sandbox": ["manage.py", "yayoi_sandbox", "--port", str(sandbox_port)],
    }


@contextlib.contextmanager
def running(
    arguments: dict[str, list[str]], *, environment: dict[str, str], logs: Path | None = None
) -> Iterator[dict[str, subprocess.Popen]]:
    """Run the processes while the block runs and leave none behind. With `logs` each writes to a file there, else to the terminal."""
    processes: dict[str, subprocess.Popen] = {}
    try:
        for name, words in arguments.items():
            processes[name] = start(words, environment=environment, log=logs and logs / f"{name}.log")
        yield processes
    finally:
        end(list(processes.values()))


def start(arguments: list[str], *, environment: dict[str, str], log: Path | None) -> subprocess.Popen:
    """Start Python with these arguments, in a session of its own: Ctrl-C reaches whoever started it, who ends it in order."""
    with contextlib.ExitStack() as files:
        output = files.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def end(processes: list[subprocess.Popen], *, seconds: float = ENDING_SECONDS) -> None:
    """Ask all to end, wait so many seconds, and then end by force whatever is left of them and their children.

    One that ended before is left alone: by now its number may belong to somebody else.
    """
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + seconds
    for process in alive:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def check_alive(processes: dict[str, subprocess.Popen]) -> None:
    """Raise PortalEnded, naming the process that ended and its exit code."""
    for name, process in processes.items():
        if process.poll() is not None:
            raise PortalEnded(f"The {name} ended by itself with exit code {process.returncode}.", name=name)


def wait_until_ready(processes: dict[str, subprocess.Popen], urls: list[str], *, seconds: float = 60) -> None:
    """Return when each page answers 200. Raises PortalEnded when one never does, with its last answer."""
    deadline = time.monotonic() + seconds
    for url in urls:
        while (answer := answer_of(url)) != "200":
            check_alive(processes)
            if time.monotonic() > deadline:
                raise PortalEnded(f"{url} was not ready after {seconds:.0f} seconds: {answer}")
            time.sleep(0.1)


def answer_of(url: str) -> str:
    """Return "200", or in words why not."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read(500).decode(errors='replace')}"
    except OSError as error:
        return str(error)


def is_free(port: int) -> bool:
    """Tell whether nobody on this machine listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on at this moment."""
    with contextlib.ExitStack() as sockets:
        probes = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
