"""The sandbox as a real process, and a person who visits it without a browser."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.conf import settings

START_SECONDS = 60


@dataclass
class RunningSandbox:
    url: str
    directory: Path
    process: subprocess.Popen

    @property
    def database(self):
        return self.directory / "sandbox.sqlite3"

    @property
    def printed(self):
        return (self.directory / "output").read_text()

    def has_answered(self):
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{self.url}/services/", timeout=10).ok
        return False

    def wait_until_up(self):
        deadline = time.monotonic() + START_SECONDS
        while not self.has_answered():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The sandbox did not start:\n{self.printed}")
            time.sleep(0.1)

    def environment(self):
        return sandbox_environment(self.directory, self.url)


def sandbox_environment(directory, url):
    return os.environ | {"SANDBOX_DATABASE_URL": f"sqlite:///{directory}/sandbox.sqlite3", "SANDBOX_URL": url}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def running_sandbox(directory):
    """Start the sandbox by the portal's command on a free port, with an empty database; stop it at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "yayoi_sandbox", "--port", str(port)]
    with (directory / "output").open("w") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=sandbox_environment(directory, url), stdout=output, stderr=subprocess.STDOUT
        )
    sandbox = RunningSandbox(url, directory, process)
    try:
        sandbox.wait_until_up()
        yield sandbox
    finally:
        process.terminate()
        process.wait(timeout=30)


@dataclass
class Visitor:
    """Somebody with cookies."""

    sandbox: RunningSandbox
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path):
        return self.session.get(self.sandbox.url + path, timeout=30)

    def post(self, path, **fields):
        if "sandbox_csrf" not in self.session.cookies:
            self.get("/sign-in/")
        token = {"X-CSRFToken": self.session.cookies["sandbox_csrf"]}
        return self.session.post(self.sandbox.url + path, data=fields, headers=token, timeout=30)

    def sign_in(self, account, password="regi-demo"):
        return self.post("/sign-in/", account=account, password=password)

    def issue_link(self, label=""):
        """Walk through manual 2-1 from the consent on."""
        self.post("/services/usen-regi/consent/")
        offices = self.get("/services/usen-regi/office/").text
        office = re.search(r'name="office" value="(\d+)"', offices)[1]
        return IssuedLink.on_page(self, self.post("/services/usen-regi/office/", office=office, label=label))

    def transactions(self, link=None):
        """Return the descriptions in 未確定の取引, as listed."""
        page = self.get("/transactions/" + (f"?link={link.pk}" if link else "")).text
        return re.findall(r'name="transactions" value="\d+" [^>]*aria-label="([^"]*)"', page)

    def transaction_ids(self):
        return re.findall(r'name="transactions" value="(\d+)"', self.get("/transactions/").text)


@dataclass
class IssuedLink:
    owner: Visitor
    pk: int
    address: str

    @classmethod
    def on_page(cls, owner, page):
        address = re.search(r'id="address" value="([^"]*)"', page.text)[1]
        return cls(owner, int(urlsplit(page.url).path.split("/")[2]), address)

    @property
    def token(self):
        return urlsplit(self.address).path.split("/")[2]

    def answer_with(self, manner, **settings_of_answers):
        """Set 応答の設定 of the link."""
        fields = {"manner": manner, "postings_left": "", "delay_seconds": 0, "retry_after_seconds": 120} | settings_of_answers
        return self.owner.post(f"/links/{self.pk}/answers/", **fields)

    def send(self, posting, **headers):
        return requests.post(self.address, json=posting, headers=headers, timeout=30, allow_redirects=False)
