import itertools

import pytest

from tests.yayoi_link.sandbox.running import Visitor, running_sandbox

account_names = (f"account-{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def visitor(sandbox):
    """Somebody nobody has heard of."""
    return Visitor(sandbox)


@pytest.fixture
def bookkeeper(sandbox):
    """Somebody signed in to an account of their own."""
    visitor = Visitor(sandbox)
    visitor.sign_in(next(account_names))
    return visitor


@pytest.fixture
def link(bookkeeper):
    return bookkeeper.issue_link("渋谷店")
