import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

SANDBOX_SETTINGS = "yayoi_link.sandbox.settings"


class Command(BaseCommand):
    help = "Runs the sandbox of the Yayoi side on 127.0.0.1, with its own settings and database, until it is stopped."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *, port, **options):
        os.chdir(settings.BASE_DIR)
        os.environ["DJANGO_SETTINGS_MODULE"] = SANDBOX_SETTINGS
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], check=True)
        self.stdout.write(f"http://127.0.0.1:{port}/")
        self.stdout.flush()
        # The sandbox takes this process over, so that a signal reaches its server and not somebody who would have to pass it on.
        server = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:yayoi_link.sandbox.gunicorn_settings",
            "--bind",
            f"127.0.0.1:{port}",
        ]
        os.execv(sys.executable, server)  # noqa: S606 (no shell is what is wanted)
