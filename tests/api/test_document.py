"""The OpenAPI document is true: whatever it allows to be sent, and whatever it does not, is answered as it says."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from stores.models import RegisterToken
from tests.api.register import API

OPERATIONS = [
    ("POST", "/slips"),
    ("POST", "/cash-movements"),
    ("POST", "/days/{date}/open"),
    ("POST", "/days/{date}/close"),
    ("GET", "/days/{date}"),
    ("GET", "/master"),
]
# Nothing can be wrong about a call without parameters.
CASES = [(*each, mode) for each in OPERATIONS for mode in GenerationMode if each[1] != "/master" or mode is GenerationMode.POSITIVE]
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
EXAMPLES = 25
BRIEFLY = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def document(db):
    load_all_checks()
    # A server closes its connection after each request; here it is the test's, with its transaction.
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(f"{API}/openapi.json", WSGIHandler())
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


def test_the_document_names_every_operation_and_nothing_else(document):
    described = [(operation.method.upper(), operation.path) for operation in (each.ok() for each in document.get_all_operations())]

    assert sorted(described) == sorted((method, f"{API}{path}") for method, path in OPERATIONS)


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_every_answer_is_as_documented(till, document, method, path, mode):
    operation = document[f"{API}{path}"][method]

    @seed(1)
    @BRIEFLY
    @given(operation.as_strategy(generation_mode=mode))
    def call(case):
        RegisterToken.objects.update(calls=0)
        case.call_and_validate(headers={"Authorization": f"Bearer {till.token}"}, checks=CHECKS)

    call()

    assert RegisterToken.objects.get().last_used_at
