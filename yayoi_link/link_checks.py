"""接続先の確認: look up, connect, check the certificate; no HTTP request. It cannot tell whether the link itself is right."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from stores.audit import Origin
from yayoi_link import outbound
from yayoi_link.addresses import BadLink
from yayoi_link.link_health import note_check
from yayoi_link.link_secret import KeyUnavailable
from yayoi_link.models import LinkCheck, YayoiLink
from yayoi_link.one_try import PROBLEM_CODES
from yayoi_link.outbound_settings import outbound_rules
from yayoi_link.verdicts import Answer, ErrorCode, Phase

SECONDS = 8  # a person waits for it, and one of the web server's threads with him
COUNTED_FOR = timedelta(minutes=10)
MOST_OF_A_PERSON = 20
MOST_OF_A_COMPANY = 100


class TooManyChecks(Exception):
    """The portal is no scanner: a person, and a company, may check so often in ten minutes and no oftener."""


def check_link(link: YayoiLink, *, by: Origin) -> LinkCheck:
    """Find out how far a connection to the link's host comes, and keep it. Takes at most a few seconds, outside any transaction.

    Raises TooManyChecks.
    """
    # Written before it is counted, so that nobody gets past the limit by asking many times at once.
    check = LinkCheck.objects.create(link=link, version=link.version, checked_by=by.actor, started_at=by.at)
    if _is_too_often(link, by):
        check.delete()
        raise TooManyChecks
    answer = _try(link)
    check.ended_at = timezone.now()
    check.phase, check.error = answer.phase, "" if answer.reached_the_gate else answer.error
    # Of an address that may not be dialled nothing is told, not even which it is.
    check.address = "" if check.is_blocked else answer.address
    check.tls_version, check.certificate_expires_at = answer.tls_version, answer.certificate_expires
    check.save()
    note_check(link, answer)
    return check


def _is_too_often(link, by):
    recent = LinkCheck.objects.filter(started_at__gt=by.at - COUNTED_FOR)
    of_person = recent.filter(checked_by=by.actor).count()
    return of_person > MOST_OF_A_PERSON or recent.filter(link__store__company=link.store.company_id).count() > MOST_OF_A_COMPANY


def _try(link):
    try:
        url = link.open_url()
    except BadLink as problem:
        return Answer(phase=Phase.RESOLVE, error=PROBLEM_CODES.get(problem.code, ErrorCode.BAD_LINK))
    except KeyUnavailable:
        return Answer(phase=Phase.RESOLVE, error=ErrorCode.KEY_UNAVAILABLE)
    rules = outbound_rules()
    return outbound.check(url, replace(rules, deadline=min(SECONDS, rules.deadline)))
