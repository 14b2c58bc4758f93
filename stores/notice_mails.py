"""The mails about notices: one per person and cause, at once for the first.

What comes up in the minutes after a mail waits for the next one, so that an outage of a thousand shops is not a thousand mails;
what lasts is summed up once each morning.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.access import Ability, roles_with
from stores.mailing import language_of, write_mail
from stores.models import Mail, Notice, Role, Staff, Told
from stores.notices import KINDS, open_notices
from stores.portal_address import address_of

GATHERED_FOR = timedelta(minutes=10)
SUMMED_UP_AT = time(9)

logger = logging.getLogger(__name__)


def write_mails(*, at: datetime) -> None:
    """Write to everybody responsible about what he has not been told yet, unless he got a mail a few minutes ago."""
    notices = open_notices()
    told = set(Told.objects.filter(notice__in=notices).values_list("notice", "person"))
    # Not of other mails: that a link was changed, say, is no reason to be told later what came of it.
    just_told = set(Told.objects.filter(at__gt=at - GATHERED_FOR).values_list("person", flat=True))
    for person in people_responsible(notices):
        untold = [notice for notice in notices if (notice.pk, person.pk) not in told and concerns(notice, person)]
        if untold and person.pk not in just_told:
            _tell(person, untold, at)


def _tell(person, notices, at):
    try:
        with transaction.atomic():
            Told.objects.bulk_create(Told(notice=notice, person=person, at=at) for notice in notices)
            _write(person, notices, at)
    except IntegrityError:
        logger.info("Another process has told person %s", person.pk)


def write_summaries(*, at: datetime) -> None:
    """Once a morning, write to everybody what he was told of earlier and what is still so."""
    local = timezone.localtime(at)
    morning = local.replace(hour=SUMMED_UP_AT.hour, minute=SUMMED_UP_AT.minute, second=0, microsecond=0)
    if local < morning:
        return
    notices = open_notices()
    told = set(Told.objects.filter(notice__in=notices, at__lt=morning).values_list("notice", "person"))
    written = set(Mail.objects.filter(digest_on=local.date()).values_list("person", flat=True))
    for person in people_responsible(notices):
        lasting = [notice for notice in notices if (notice.pk, person.pk) in told]
        if lasting and person.pk not in written:
            _sum_up(person, lasting, at, local.date())


def _sum_up(person, notices, at, day):
    try:
        with transaction.atomic():
            _write(person, notices, at, digest_on=day)
    except IntegrityError:
        logger.info("Another process has summed up for person %s", person.pk)


def people_responsible(notices: Iterable[Notice]) -> Iterable[Staff]:
    """Return the people with a mail address who must act on any of the notices."""
    companies = {notice.store.company_id for notice in notices if notice.store}
    wanted = Q(company__in=companies, role__in=roles_with(Ability.BE_TOLD))
    if any(notice.store is None for notice in notices):
        wanted |= Q(company=None) | Q(role=Role.COMPANY_ADMIN)
    return Staff.objects.filter(wanted, is_active=True).exclude(email="").order_by("pk").prefetch_related("stores")


def concerns(notice: Notice, person: Staff) -> bool:
    """Tell whether the person sees the notice's store; what stops the whole portal concerns operators and administrators."""
    if notice.store is None:
        return person.company_id is None or person.role == Role.COMPANY_ADMIN
    if notice.store.company_id != person.company_id:
        return False
    return person.sees_all_stores or notice.store in person.stores.all()


def _write(person: Staff, notices: list[Notice], at: datetime, *, digest_on: date | None = None) -> None:
    with language_of(person):
        causes = [(notice, KINDS[notice.kind], address_of(KINDS[notice.kind].page(notice.store_id))) for notice in notices]
        content = {"person": person, "causes": causes, "is_summary": digest_on is not None}
        text = render_to_string("stores/notice_mail.txt", content)
        write_mail(person, subject=_subject(notices, is_summary=digest_on is not None), text=text, at=at, digest_on=digest_on)


def _subject(notices, *, is_summary):
    what = _("、").join(dict.fromkeys(str(KINDS[notice.kind].word) for notice in notices)) + _where(notices)
    if is_summary:
        return _("【レジ管理画面】未対応のまとめ：%(what)s") % {"what": what}
    return _("【レジ管理画面】%(what)s") % {"what": what}


def _where(notices):
    if len(notices) > 1:
        return _("（%(count)s件）") % {"count": len(notices)}
    return _("（%(store)s）") % {"store": notices[0].store.name} if notices[0].store else ""
