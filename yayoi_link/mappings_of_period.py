"""The mappings of many days, read once for each store and version instead of once a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from stores.models import Store
from yayoi_link.accounts import Mapping
from yayoi_link.company_accounts import mapping_of
from yayoi_link.models import AccountVersion


class MappingsOfPeriod:
    """Remembers what it has read: a mapping is another one only from a 営業日 on which a version begins to apply."""

    def __init__(self, stores: Iterable[Store], *, last: date) -> None:
        versions = AccountVersion.objects.filter(company__stores__in=stores, applies_from__lte=last)
        self._beginnings = sorted(set(versions.order_by().values_list("applies_from", flat=True)))
        self._known: dict[tuple[int, int], Mapping] = {}

    def of(self, store: Store, *, on: date) -> Mapping:
        """Return the store's mapping of that 営業日, which lies not after the period's last."""
        name = (store.pk, bisect_right(self._beginnings, on))
        if name not in self._known:
            self._known[name] = mapping_of(store, on=on)
        return self._known[name]
