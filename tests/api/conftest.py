"""渋谷店's first register with its token, calling the portal at 22:10."""

import pytest

from closing.models import CashReason, PaymentMethod
from stores.audit import Origin
from stores.models import Register
from stores.register_tokens import issue_token
from tests.api.register import CallingRegister
from tests.closing.conftest import EVENING, books_add_up

__all__ = ["books_add_up"]


@pytest.fixture
def origin(admin):
    return Origin(admin, EVENING)


@pytest.fixture
def masters(company):
    kinds = {"CASH": "CASH", "VISA": "CREDIT", "GIFT": "OTHER_VOUCHER"}
    PaymentMethod.objects.bulk_create(PaymentMethod(company=company, code=code, name=code, kind=kind) for code, kind in kinds.items())
    CashReason.objects.create(company=company, code="0001", name="釣銭の補充", for_paid_in=True, is_sent=False)
    CashReason.objects.create(company=company, code="0003", name="消耗品の購入", for_paid_out=True, is_expense=True, account="消耗品費")


@pytest.fixture
def connect(client, origin, masters, time_machine):
    """Return a function that gives a register its token and lets it call."""
    time_machine.move_to(EVENING, tick=False)

    def connected(register):
        return CallingRegister(client, issue_token(register, by=origin))

    return connected


@pytest.fixture
def till(connect, register, clerk):
    return connect(register)


@pytest.fixture
def second_till(connect, second_register):
    return connect(second_register)


@pytest.fixture
def rival_till(connect, rival_store):
    return connect(Register.objects.create(store=rival_store, number=1))
