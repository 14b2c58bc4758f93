from datetime import timedelta

import pytest
from django.utils import timezone

from yayoi_link.models import WorkerSighting


@pytest.mark.django_db
def test_the_portal_is_ready_while_the_worker_is_seen(client):
    WorkerSighting.touch("worker")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"ready": True, "reasons": []})


@pytest.mark.django_db
def test_without_a_worker_the_portal_says_why_it_is_not_ready(client):
    WorkerSighting.objects.create(name="worker", seen_at=timezone.now() - timedelta(minutes=2))

    response = client.get("/readyz")

    assert (response.status_code, response.json()["reasons"]) == (503, ["worker: not seen for 60 seconds"])


def test_the_process_lives_whatever_the_database_does(client):
    assert client.get("/healthz").content == b"ok"
