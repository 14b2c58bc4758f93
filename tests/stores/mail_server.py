"""A mail server on a real local socket, as willing or as broken as a test wants it."""

import contextlib
import email
import email.policy
import socketserver
import threading

import pytest


class MailServer(socketserver.ThreadingTCPServer):
    """`mails` are those that it took; `refuses` answers every recipient with no, `cuts_after` hangs up when it has read the mail."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.mails = []
        self.refuses = self.cuts_after = self.is_silent = False
        self.is_over = threading.Event()


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        if self.server.is_silent:
            self.server.is_over.wait(30)
            return
        self.say("220 ready")
        with contextlib.suppress(OSError):
            while line := self.rfile.readline().decode().strip().upper():
                if not self.answer(line):
                    return

    def answer(self, line):
        if line.startswith("RCPT") and self.server.refuses:
            return self.say("550 nobody here")
        if line == "DATA":
            self.say("354 go on")
            return self.take_mail()
        return self.say("221 bye" if line == "QUIT" else "250 ok") and line != "QUIT"

    def take_mail(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        return not self.server.cuts_after and self.say("250 taken")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")
        return True


@pytest.fixture
def mail_server(settings):
    """The portal's mail server, which is not waited for longer than two seconds."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        use_mail_server(settings, server)
        yield server
        server.is_over.set()
        server.shutdown()


def use_mail_server(settings, server):
    settings.SENDS_MAIL = True
    settings.DEFAULT_FROM_EMAIL = "レジ管理画面 <regi@portal.example>"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": server.server_address[1], "timeout": 2},
        }
    }
