"""What a person should know about the links just looked at: notes, not errors, because each may be meant so."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from stores.models import Company, Staff, Store
from yayoi_link.models import Delivery, YayoiLink


def notes_on(links: Sequence[YayoiLink], *, company: Company, reader: Staff) -> dict[int, list[str | Promise]]:
    """Return for each store (by key) the notes on its link: shared with another store of the company, or of an unknown host.

    A store that the reader does not see is not named, and a store of another company is not even counted.
    """
    notes: dict[int, list[str | Promise]] = defaultdict(list)
    answered = set(YayoiLink.objects.filter(store__company=company).exclude(delivered_host="").values_list("delivered_host", flat=True))
    sharing = _stores_by_link(links, company, reader)
    for link in links:
        if others := [name for store, name in sharing[link.url_hash] if store != link.store_id]:
            notes[link.store_id].append(_shared(others))
        if link.gone_at:
            notes[link.store_id].append(_gone(link))
        if link.has_link and link.host not in answered:
            notes[link.store_id].append(
                _("%(host)s には、まだ一度も連携していません。リンクの内容に間違いがないかご確認ください。") % {"host": link.host}
            )
    return notes


def days_needing_a_person(stores: Sequence[Store]) -> dict[int, int]:
    """Return for each store (by key) of how many days the delivery waits for a person."""
    waiting = Delivery.objects.needing_a_person().filter(day__store__in=stores)
    return dict(waiting.order_by().values_list("day__store").annotate(days=Count("pk")))


def _stores_by_link(links, company, reader):
    hashes = [link.url_hash for link in links if link.url_hash]
    visible = set(Store.objects.visible_to(reader).values_list("pk", flat=True))
    stores = defaultdict(list)
    same = YayoiLink.objects.filter(store__company=company, url_hash__in=hashes).order_by("store__code")
    for link_hash, store, name in same.values_list("url_hash", "store", "store__name"):
        stores[link_hash].append((store, name if store in visible else ""))
    return stores


def _gone(link):
    when = {"time": date_format(localtime(link.gone_at), "DATETIME_FORMAT")}
    return _("接続先が「このリンクは廃止された」（410）と応答したため、%(time)sに連携を自動でOFFにしました。") % when


def _shared(names):
    named = [name for name in names if name]
    if not named:
        return _("ほかの店舗と同じ接続先リンクです。意図したものかご確認ください。")
    return _("%(stores)sと同じ接続先リンクです。意図したものかご確認ください。") % {"stores": _("、").join(named)}
