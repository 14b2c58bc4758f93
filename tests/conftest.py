"""What every test stands on: the settings of a test run, the databases, the browser and the portal as real processes."""

import os
import tempfile

import django

# Set before Django reads them, and whatever a .env beside the code says.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "regi_admin.settings",
    "DEBUG": "1",
    "SECRET_KEY": "for-tests-only",
    "LINK_KEYS": "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtb2Yta2V5ISE=",
    "LINK_HASH_KEY": "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtb2YtaGFzaCE=",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "OUTBOUND_ALLOW_LOOPBACK": "1",
    "STATE_DIR": tempfile.mkdtemp(prefix="regi-test-state-"),
    # Playwright runs an event loop in the thread of the test; the ORM is used there too, by nobody else at the same time.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['STATE_DIR']}/portal.sqlite3")
django.setup()
