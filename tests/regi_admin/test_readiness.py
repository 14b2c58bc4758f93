from datetime import timedelta

import pytest
from django.utils import timezone

from yayoi_link import gate_journal
from yayoi_link.gate_journal import GateLine
from yayoi_link.models import WorkerSighting

A_LINE = GateLine(key="6f2d8a346d0a4b5e8d330c1f0b9d7a11", company="1000", store="0001", day="2026-04-01", generation=1, fence=1)

pytestmark = pytest.mark.usefixtures("state_dir")


def codes_of(response):
    return response.status_code, response.json()["ready"], [reason["code"] for reason in response.json()["reasons"]]


@pytest.mark.django_db
def test_the_portal_is_ready_while_the_worker_is_seen(client):
    WorkerSighting.touch("worker")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"ready": True, "reasons": []})


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [timedelta(minutes=2), timedelta(hours=-1)], ids=["long ago", "by a clock that was set"])
def test_without_a_worker_the_portal_is_not_ready(client, ago):
    WorkerSighting.objects.create(name="worker", seen_at=timezone.now() - ago)

    response = client.get("/readyz")

    assert codes_of(response) == (503, False, ["worker"])


@pytest.mark.django_db
def test_the_portal_says_in_words_why_it_is_not_ready(client):
    response = client.get("/readyz")

    assert "ワーカー（manage.py worker）が60秒以上確認できません。" in response.content.decode()


@pytest.mark.django_db
def test_the_portal_is_not_ready_when_a_backup_was_restored(client):
    WorkerSighting.touch("worker")
    gate_journal.append(A_LINE)

    response = client.get("/readyz")

    assert codes_of(response) == (503, False, ["journal_ahead"])


@pytest.mark.django_db
def test_the_portal_is_not_ready_without_its_gate_journal(client, state_dir):
    WorkerSighting.touch("worker")
    (state_dir / "gate-journal").unlink()

    response = client.get("/readyz")

    assert codes_of(response) == (503, False, ["journal_missing"])


@pytest.mark.django_db
def test_readiness_needs_no_session(client):
    client.get("/readyz")

    assert dict(client.cookies) == {}


def test_the_process_lives_whatever_the_database_does(client):
    assert client.get("/healthz").content == b"ok"


def test_a_probe_is_answered_without_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
