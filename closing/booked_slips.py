"""The way from the books back to the slips: the address of the list that shows what a line of a day adds up."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode

from closing.categories import Nature, TaxCategory


def slips_behind(
    day_id: int,
    *,
    up_to: int,
    after: int = 0,
    method_id: int | None = None,
    category: TaxCategory | None = None,
    natures: Iterable[Nature] = (),
) -> str:
    """Return where the slips are listed that the books have on this day, with the entries from behind `after` to `up_to`.

    What is not given narrows nothing. The day is the one of the books: a slip may have come under another 営業日.
    """
    wanted = {"day": day_id, "after_entry": after, "up_to_entry": up_to, "method": method_id, "category": category}
    query = [(name, value) for name, value in wanted.items() if value] + [("nature", nature.value) for nature in natures]
    return f"{reverse('closing:slips')}?{urlencode(query)}"
