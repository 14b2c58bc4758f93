"""The ways between a row of the books and what it adds up: its slips, its 入出金, or the count of its 日計."""

from __future__ import annotations

from django.urls import reverse

from closing.booked_slips import slips_behind
from closing.categories import TaxCategory
from closing.models import PaymentMethod
from yayoi_link.booking import NoBaseline, baseline_postings
from yayoi_link.journal import JournalEntry
from yayoi_link.journal_lines import natures_of
from yayoi_link.models import Delivery


class RowSources:
    """Where the rows of one delivery come from. A row of 差分 adds up what came after the postings that it corrects."""

    def __init__(self, delivery: Delivery):
        self.day, self.closing = delivery.day, delivery.closing
        self.after = max((posting.closing.entries for posting in chain_of(delivery)[:-1]), default=0)
        methods = PaymentMethod.objects.filter(company=self.day.store.company_id)
        self.methods = dict(methods.values_list("code", "pk"))

    def address_of(self, entry: JournalEntry) -> str:
        """Return the page that shows what the row adds up."""
        family, *rest = entry.key.split("/")
        if natures_of(family):
            return self._slips(self.methods.get(rest[0]), TaxCategory(rest[1]), natures_of(family))
        if family == "overage":
            return self._slips(self.methods.get(rest[0]))
        day = reverse("closing:day", args=[self.day.store.code, self.day.date])
        return f"{day}?revision={self.closing.revision}{f'#movement-{rest[0]}' if rest else ''}"

    def _slips(self, method_id, category=None, natures=()):
        entries = {"after": self.after, "up_to": self.closing.entries}
        return slips_behind(self.day.pk, method_id=method_id, category=category, natures=natures, **entries)


def chain_of(delivery: Delivery) -> list[Delivery]:
    """Return the postings that together say what the delivery's revision says, the earliest first: of 全件 it alone."""
    if delivery.mode == Delivery.Mode.FULL:
        return [delivery]
    try:
        return [posting.delivery for posting in baseline_postings(delivery.day, before=delivery)] + [delivery]
    except NoBaseline:
        return [delivery]
