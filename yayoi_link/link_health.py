"""What an answer says about the link it came over, for all stores that share the link."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores import audit
from stores.master_sync import master_changed
from yayoi_link.claiming import Claimed
from yayoi_link.history import LinkAction
from yayoi_link.models import Delivery, LinkBreaker, YayoiLink
from yayoi_link.states import LINK_SWITCHED_OFF, HoldReason, State
from yayoi_link.verdicts import Answer, ErrorCode, Verdict

GONE = 410
# These say nothing about the link: it was not even dialled.
OURS = frozenset({ErrorCode.KEY_UNAVAILABLE, ErrorCode.BAD_LINK})

Ruled = tuple[Claimed, Answer, Verdict]


def note_on_links(ruled: Iterable[Ruled]) -> None:
    """Write down what these tries say about their links: last success, Retry-After, gone for good, the breaker.

    To be called before the deliveries are moved: whoever changes a link locks it first, and its deliveries then.
    """
    ruled = sorted(ruled, key=lambda each: each[0].link.store_id)
    if delivered := [claimed.link for claimed, _answer, ruling in ruled if ruling is Verdict.DELIVERED]:
        _note_success(delivered)
    for claimed, answer, ruling in ruled:
        _note_wish(claimed.link.url_hash, answer, ruling)
    LinkBreaker.objects.note_connected([claimed.link.url_hash for claimed, answer, _ruling in ruled if answer.reached_the_gate])


@transaction.atomic
def note_check(link: YayoiLink, answer: Answer) -> None:
    """Let a 接続先の確認 be the probe of an open breaker: if it came through, what waits is tried again, its oldest day at once."""
    was_open = LinkBreaker.objects.open().filter(url_hash=link.url_hash).exists()
    if not (was_open and answer.reached_the_gate):
        return
    LinkBreaker.objects.note_connected([link.url_hash])
    retries = Delivery.objects.waiting_for_link(link.url_hash).filter(state=State.RETRY_WAIT)
    oldest = retries.order_by("day__date", "pk").values("pk")[:1]
    Delivery.objects.filter(pk__in=oldest).update(due_at=Now())


def _note_success(links):
    as_claimed = Q()
    for link in links:
        as_claimed |= Q(pk=link.pk, version=link.version)
    YayoiLink.objects.filter(as_claimed).update(last_delivered_at=Now(), delivered_host=F("host"))


def _note_wish(url_hash, answer, ruling):
    sharing = YayoiLink.objects.filter(url_hash=url_hash)
    if ruling is Verdict.UNKNOWN and answer.retry_after:
        sharing.update(delayed_until=Now() + timedelta(seconds=answer.retry_after))
    if ruling is Verdict.REJECTED and answer.status == GONE:
        _switch_off(sharing)
    if ruling is Verdict.NOT_SENT and not answer.reached_the_gate and answer.error not in OURS:
        LinkBreaker.objects.note_not_sent(url_hash)


def _switch_off(links):
    """The receiver says that this link is gone for good (410): nothing more is sent to it until a person has looked."""
    links = list(links.select_for_update(of=("self",)).select_related("store__company").order_by("pk"))
    switched_off = [link for link in links if link.is_enabled]
    YayoiLink.objects.filter(pk__in=[link.pk for link in switched_off]).update(is_enabled=False, gone_at=Now())
    Delivery.objects.filter(day__in=BusinessDay.objects.filter(store__in=[link.store_id for link in links])).take(
        LINK_SWITCHED_OFF, fence=F("fence") + 1, hold_reason=HoldReason.LINK_OFF, lease_until=None
    )
    master_changed([link.store for link in switched_off])
    for link in switched_off:
        _write_into_history(link)


def _write_into_history(link):
    """It was nobody's doing but the portal's own."""
    audit.record(
        LinkAction.LINK_GONE,
        actor=None,
        company=link.store.company,
        store=link.store,
        subject=str(link.store),
        changes={
            _("連携状態"): ["ON", "OFF"],
            _("接続先リンク"): f"{link.shown} v{link.version}",
            _("理由"): _("接続先が、このリンクは廃止された（410）と応答しました"),
        },
        at=timezone.now(),
    )
