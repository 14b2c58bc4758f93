"""弥生会計連携: registering links. Whoever changes a link also writes the rows on their way over it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores import audit
from stores.audit import Origin
from stores.master_sync import master_changed
from stores.models import Store
from yayoi_link.addresses import LinkURL
from yayoi_link.history import NO_CONTENT_LABEL, NO_CONTENT_MEANS, LinkAction
from yayoi_link.link_mails import tell_of_changed_links
from yayoi_link.link_secret import KeyUnavailable
from yayoi_link.models import Delivery, YayoiLink
from yayoi_link.states import LINK_CHANGED, LINK_SWITCHED_OFF, HoldReason, State


class NoLink(Exception):
    """A store cannot be switched on without a link: somebody removed it meanwhile."""

    def __init__(self, store: Store):
        super().__init__(f"store {store.pk} has no link")
        self.store = store


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """One row of the table as registered. `url` None keeps the link that is there."""

    store: Store
    is_enabled: bool
    starts_on: date | None = None
    grace_minutes: int = 0
    url: LinkURL | None = None
    is_removed: bool = False


@transaction.atomic
def register_links(entries: Iterable[LinkEntry], *, by: Origin) -> list[YayoiLink]:
    """「登録」: take the entries over and return the links that changed.

    A try that has not passed its gate yet does not use the old link any more. Raises NoLink.
    """
    changed = [link for entry in entries if (link := _register(entry, by=by))]
    tell_of_changed_links(changed, by=by)
    return changed


def switch_off_link(store: Store, *, by: Origin) -> None:
    """Switch a store's link off if it is on: what has not left is held, and the page of links no longer lists a store out of use."""
    for link in YayoiLink.objects.filter(store=store, is_enabled=True):
        register_links([LinkEntry(store, is_enabled=False, starts_on=link.starts_on, grace_minutes=link.grace_minutes)], by=by)


def _register(entry, *, by):
    link, _is_new = YayoiLink.objects.select_for_update(of=("self",)).select_related("store__company").get_or_create(store=entry.store)
    before = _shown(link)
    _take_over(link, entry)
    if entry.url is None and _shown(link) == before:
        return None
    link.save()
    _tell_deliveries(link, is_replaced=entry.url is not None)
    master_changed(entry.store)
    audit.record(
        LinkAction.LINK_REGISTERED,
        actor=by.actor,
        company=entry.store.company,
        store=entry.store,
        subject=str(entry.store),
        changes={label: [before[label], new] for label, new in _shown(link, besides=before).items()},
        address=by.address,
        at=by.at,
    )
    return link


def _take_over(link, entry):
    link.is_enabled, link.starts_on, link.grace_minutes = entry.is_enabled, entry.starts_on, entry.grace_minutes
    if entry.is_enabled or entry.is_removed or entry.url is not None:
        link.gone_at = None  # somebody has seen to it
    if entry.url is not None:
        link.replace_url(entry.url)
        link.delayed_until = None
    elif entry.is_removed and link.has_link:
        link.remove_url()
    if link.is_enabled and not link.has_link:
        raise NoLink(entry.store)


def _shown(link, *, besides=()):
    """What 操作履歴 tells of a link; of 204 only where a person has set it, or its link was replaced since."""
    no_content = {NO_CONTENT_LABEL: NO_CONTENT_MEANS[link.accepts_204]} if link.accepts_204 or NO_CONTENT_LABEL in besides else {}
    return no_content | {
        _("連携状態"): "ON" if link.is_enabled else "OFF",
        _("接続先リンク"): f"{link.shown} v{link.version}",
        _("連携開始日"): str(link.starts_on or ""),
        _("送信猶予（分）"): link.grace_minutes,
    }


def _tell_deliveries(link, *, is_replaced):
    on_their_way = Delivery.objects.filter(day__in=BusinessDay.objects.filter(store=link.store_id))
    if not link.is_enabled:
        reason = HoldReason.LINK_OFF if link.has_link else HoldReason.LINK_MISSING
        on_their_way.take(LINK_SWITCHED_OFF, fence=F("fence") + 1, lease_until=None, hold_reason=reason)
    elif is_replaced:
        # "72 hours from the first try" begins again: it is another link.
        at_once_or_after_grace = Case(When(state=State.PENDING, then=F("due_at")), default=None)
        anew = {"fence": F("fence") + 1, "lease_until": None, "tries": 0, "first_tried_at": None}
        on_their_way.take(LINK_CHANGED, due_at=at_once_or_after_grace, **anew)


def hold_what_waits_for_links_that_are_off() -> int:
    """Hold what was closed in the very moment in which its link was switched off, so that it does not wait in silence."""
    days = BusinessDay.objects.filter(store__yayoi_link__is_enabled=False)
    unseen = Delivery.objects.current().filter(day__in=days)
    if not unseen.filter(state__in=LINK_SWITCHED_OFF.sources).exists():
        return 0  # without asking for SQLite's only write lock
    return unseen.take(LINK_SWITCHED_OFF, fence=F("fence") + 1, lease_until=None, hold_reason=HoldReason.LINK_OFF)


def rotate_keys() -> tuple[int, list[YayoiLink]]:
    """Encrypt every link anew under the newest key. The link itself, its version and what is on its way stay as they are.

    Returns how many were, and those that no key opens. A link that was replaced meanwhile is under the newest key anyway.
    """
    rotated, unreadable = 0, []
    for link in YayoiLink.objects.exclude(ciphertext="").select_related("store__company").iterator():
        before = link.ciphertext
        try:
            link.encrypt_anew()
        except KeyUnavailable:
            unreadable.append(link)
            continue
        rotated += YayoiLink.objects.filter(pk=link.pk, ciphertext=before).update(ciphertext=link.ciphertext)
    return rotated, unreadable
