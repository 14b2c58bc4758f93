"""本文のない204 as a link's acknowledgement: what nobody but the receiver's maker knows, and a person may say of one link."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stores import audit
from stores.audit import Origin
from yayoi_link.history import NO_CONTENT_LABEL, NO_CONTENT_MEANS, LinkAction
from yayoi_link.link_mails import tell_of_changed_links
from yayoi_link.models import Delivery, YayoiLink
from yayoi_link.verdicts import NO_CONTENT, Verdict


class LinkChanged(Exception):
    """Somebody was faster: it is another link than the page showed, or what was to be set is set."""


@transaction.atomic
def set_no_content(link: YayoiLink, *, seen_version: int, accepts: bool, reason: str, by: Origin) -> YayoiLink:
    """Let a 204 over this link mean 連携済 from now on, or 応答未確認 again. Returns the link as it then is. Raises LinkChanged.

    The link keeps its version: what is on its way is sent over the same link as before. A 204 that comes meanwhile counts only
    if it did when its try was claimed and still does (`recording.rule`). Other stores with the same link are not touched: each
    has its own people to say so. Source: the table "What an outcome means".
    """
    as_seen = YayoiLink.objects.filter(pk=link.pk, version=seen_version, accepts_204=not accepts).exclude(ciphertext="")
    if not as_seen.update(accepts_204=accepts):
        raise LinkChanged
    link.refresh_from_db()
    audit.record(
        LinkAction.LINK_NO_CONTENT_SET,
        actor=by.actor,
        company=link.store.company,
        store=link.store,
        subject=str(link.store),
        changes={
            _("接続先リンク"): f"{link.shown} v{link.version}",
            NO_CONTENT_LABEL: [NO_CONTENT_MEANS[not accepts], NO_CONTENT_MEANS[accepts]],
            _("理由"): reason,
        },
        address=by.address,
        at=by.at,
    )
    tell_of_changed_links([link], by=by)
    return link


def was_answered_no_content(delivery: Delivery) -> bool:
    """Tell whether its last try ended 応答未確認 with a 204 over the link that its store still has, and that could be set to count."""
    outcome = delivery.last_outcome
    if outcome is None or (outcome.status, outcome.verdict) != (NO_CONTENT, Verdict.UNVERIFIED):
        return False
    same = YayoiLink.objects.filter(store=delivery.day.store_id, version=outcome.attempt.link_version)
    return same.filter(accepts_204=False).exclude(ciphertext="").exists()
