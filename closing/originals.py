"""The slips that red and black slips follow. They may arrive later than what follows them."""

from collections import Counter, defaultdict
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
    return find_originals(company_id, [original]).get(original)


def find_originals(company_id: int, originals: Iterable[OriginalSlip]) -> dict[OriginalSlip, Slip]:
    """Return the slips of these names that have arrived; one query for those of a register's day, however many."""
    numbers = defaultdict(set)
    for original in originals:
        numbers[original[:3]].add(original.number)
    found = {}
    for (store, register, day), named in numbers.items():
        of_register = Slip.objects.filter(register__store__company=company_id, register__store__code=store, register__number=register)
        for some in batched(sorted(named), NAMES_AT_ONCE):
            slips = of_register.filter(business_date=day, number__in=some).order_by()
            found |= {OriginalSlip(store, register, day, slip.number): slip for slip in slips}
    return found


def lock_originals(store: Store, contents: Iterable[SlipContent]) -> None:
    """Of two that take the same slip back or correct it at once, the second sees what the first did."""
    originals = {content.original for content in contents if content.original}
    held = sorted(slip.pk for slip in find_originals(store.company_id, originals).values())
    for some in batched(held, NAMES_AT_ONCE):
        list(Slip.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk"))


def taken_back(company_id: int, names: Iterable[str]) -> Counter[str]:
    """Return what red slips in the books take back of the slips of these names: 0 or negative yen."""
    # Said again, because SQLite does not conclude from a name that it is one, and would not use the index of names.
    red = Slip.objects.filter(day__store__company=company_id, kind=SlipKind.REVERSAL).exclude(original_reference="")
    sums = Counter()
    for some in batched(sorted(set(names)), NAMES_AT_ONCE):
        rows = red.filter(original_reference__in=some).order_by().values("original_reference").annotate(sum=Sum("total"))
        sums.update({row["original_reference"]: int(row["sum"]) for row in rows})
    return sums


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
    found = find_originals(store.company_id, wanted | {slip for slip in own if reference(slip) in awaited})
    targets = {reference(original): slip for original, slip in found.items()}
    for some in batched(sorted(targets), NAMES_AT_ONCE):
        followers = list(waiting.filter(original_reference__in=some).order_by().only("pk", "original_reference"))
        for follower in followers:
            follower.original = targets[follower.original_reference]
        Slip.objects.bulk_update(followers, ["original"])
    mark_excess(found.values())
