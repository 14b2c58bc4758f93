"""Pages of slips, found by the slip where they begin: the last page of a million costs what the first does."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from closing.models import Slip

SLIPS_PER_PAGE = 50
MOST_COUNTED = 1000
PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{1,18})")


@dataclass(frozen=True, slots=True)
class SlipPage:
    """`before` and `after` lead to the newer and the older slips; empty where there are none. `count` stops at MOST_COUNTED + 1."""

    slips: list[Slip]
    before: str
    after: str
    count: int

    @property
    def has_more_than_counted(self):
        return self.count > MOST_COUNTED


def slip_page(found, query):
    """Return the page that the query asks for, the newest 営業日 first."""
    if place := read_place(query.get("before", "")):
        newer = list(found.filter(beyond(place, "gt")).order_by("business_date", "pk")[: SLIPS_PER_PAGE + 1])
        return page_of(found, newer[:SLIPS_PER_PAGE][::-1], has_newer=len(newer) > SLIPS_PER_PAGE, has_older=True)
    place = read_place(query.get("after", ""))
    narrowed = found.filter(beyond(place, "lt")) if place else found
    older = list(narrowed.order_by("-business_date", "-pk")[: SLIPS_PER_PAGE + 1])
    return page_of(found, older[:SLIPS_PER_PAGE], has_newer=place is not None, has_older=len(older) > SLIPS_PER_PAGE)


def page_of(found, slips, *, has_newer, has_older):
    # What fits on one page is counted already; a rare match need not be searched for twice.
    count = found.order_by()[: MOST_COUNTED + 1].count() if has_newer or has_older else len(slips)
    return SlipPage(
        slips=slips,
        before=place_of(slips[0]) if slips and has_newer else "",
        after=place_of(slips[-1]) if slips and has_older else "",
        count=count,
    )


def place_of(slip):
    return f"{slip.business_date}_{slip.pk}"


def read_place(text):
    match = PLACE.fullmatch(text)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def beyond(place, direction):
    """The first condition alone lets the index find the place; the others choose among the slips of that day."""
    day, pk = place
    later = Q(**{f"business_date__{direction}": day}) | Q(**{"business_date": day, f"pk__{direction}": pk})
    return Q(**{f"business_date__{direction}e": day}) & later
