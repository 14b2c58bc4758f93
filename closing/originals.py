"""The slips that red and black slips follow. They may arrive later than what follows them."""

from collections.abc import Iterable, Sequence
from itertools import batched

from django.db.models import Sum

from closing.categories import SlipKind
from closing.excess_refunds import mark_excess
from closing.models import Slip
from closing.slip_content import OriginalSlip, SlipContent
from stores.models import Store

NAMES_AT_ONCE = 500


def reference(original: OriginalSlip) -> str:
    """Return 店舗コード-POS番号-YYYYMMDD-伝票番号, as the slip file writes it."""
    return f"{original.store}-{original.register}-{original.business_date:%Y%m%d}-{original.number}"


def as_original(store: Store, content: SlipContent) -> OriginalSlip:
    """Return the name under which others follow the store's slip."""
    return OriginalSlip(store.code, content.register_number, content.business_date, content.number)


def find_original(company_id: int, original: OriginalSlip) -> Slip | None:
    """Return the slip of that name in the company, None while it has not arrived."""
    return Slip.objects.filter(
        register__store__company=company_id,
        register__store__code=original.store,
        register__number=original.register,
        business_date=original.business_date,
        number=original.number,
    ).first()


def lock_originals(store: Store, contents: Iterable[SlipContent]) -> None:
    """Of two that take the same slip back or correct it at once, the second sees what the first did."""
    originals = {content.original for content in contents if content.original}
    found = [slip.pk for slip in (find_original(store.company_id, original) for original in originals) if slip]
    if found:
        list(Slip.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk"))


def taken_back(company_id: int, name: str) -> int:
    """Return what red slips in the books take back of the slip of that name: 0 or negative yen."""
    red = Slip.objects.filter(day__store__company=company_id, kind=SlipKind.REVERSAL, original_reference=name)
    # Said again, because SQLite does not conclude from a name that it is one, and would not use the index of names.
    red = red.exclude(original_reference="")
    return red.aggregate(sum=Sum("total"))["sum"] or 0


def connect_originals(store: Store, contents: Sequence[SlipContent]) -> None:
    """Point at originals that are there by now, from the new slips and from older ones that have waited for them."""
    own = [as_original(store, content) for content in contents]
    wanted = {content.original for content in contents if content.original}
    waiting = Slip.objects.filter(original=None, day__store__company=store.company_id).exclude(original_reference="")
    awaited = {
        name
        for some in batched(map(reference, own), NAMES_AT_ONCE)
        for name in waiting.filter(original_reference__in=some).order_by().values_list("original_reference", flat=True)
    }
    for original in wanted | {slip for slip in own if reference(slip) in awaited}:
        found = find_original(store.company_id, original)
        if found:
            waiting.filter(original_reference=reference(original)).update(original=found)
            mark_excess(found)
