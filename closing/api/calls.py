"""What every call of a register begins with, and the shape of the answers to a batch."""

from typing import Literal

from django.utils import timezone

from closing.api.problems import ProblemOut, Refused, error_of
from closing.raw_json import shown
from closing.slip_content import Problem, ProblemCode
from closing.slip_messages import sentence
from stores.audit import Origin
from stores.client_address import client_address
from stores.models import Staff

LONGEST_NAME = 40
PROBLEMS = dict.fromkeys([400, 401, 403, 404, 413, 422, 429, 503], ProblemOut)

Status = Literal["created", "unchanged", "conflict", "invalid", "kept"]


def origin_of_register(request, actor=None):
    """Return who does what a register asks for: the person whom it names, or nobody whom the portal knows."""
    return Origin(actor, timezone.now(), client_address(request))


def results_of(items, answers, *, named):
    """Return the results of a batch, each under the name that the register gave its item."""
    return [
        {named: name_of(item.sent, named), "status": answer.status, "errors": list(map(error_of, answer.problems))}
        for item, answer in zip(items, answers, strict=True)
    ]


def name_of(sent, named):
    return shown(sent.get(named, ""), LONGEST_NAME) if isinstance(sent, dict) else ""


def person_named(register, code):
    """Return the person of the register's company who has this code; one who has left since may still have closed."""
    person = Staff.objects.filter(company=register.store.company_id, code=code).first()
    if person is None:
        problem = Problem(ProblemCode.UNKNOWN_STAFF, "staff_code", code)
        raise Refused(422, sentence(problem), [error_of(problem)])
    return person
