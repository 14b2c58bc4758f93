"""The web process, when no worker is there: a real gunicorn and a real mail server."""

import http.client
from urllib.parse import urlsplit

import pytest

from stores.models import Mail, Notice
from tests.yayoi_link.worker_process import eventually
from yayoi_link.models import WorkerSighting


@pytest.fixture
def portal_with_mail(mail_server, monkeypatch, request):
    monkeypatch.setenv("MAILER_URL", f"smtp://127.0.0.1:{mail_server.server_address[1]}")
    monkeypatch.setenv("MAIL_FROM", "regi@portal.example")
    return request.getfixturevalue("portal")


@pytest.mark.django_db(transaction=True)
def test_fault_53_a_worker_that_is_gone_is_noticed_and_mailed_by_the_web_process(portal_with_mail, mail_server, admin):
    admin.email = "admin@shop.example"
    admin.save()
    portal_with_mail.processes["worker"].kill()
    portal_with_mail.processes["worker"].wait()
    WorkerSighting.objects.all().delete()

    # Any request makes the web process look, every now and then.
    eventually(lambda: status_of(portal_with_mail, "/readyz") == 503 and mail_server.mails)

    [mail] = mail_server.mails
    assert (mail["To"], mail["Subject"]) == ("admin@shop.example", "【レジ管理画面】弥生への送信が止まっています")
    assert (Notice.objects.filter(kind="worker_away").count(), Mail.objects.get().person) == (1, admin)


def status_of(portal, path):
    connection = http.client.HTTPConnection(urlsplit(portal.url).netloc, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status
