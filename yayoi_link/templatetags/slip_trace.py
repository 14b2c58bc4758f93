"""From a slip to the journal, to the rows that its split went into; and from a row back to its slips."""

from dataclasses import dataclass

from django import template

from closing.categories import Nature, TaxCategory
from yayoi_link.access import visible_deliveries
from yayoi_link.difference import REVERSAL
from yayoi_link.expected_postings import entries_of
from yayoi_link.journal import JournalEntry
from yayoi_link.journal_lines import sales_key
from yayoi_link.row_sources import chain_of

register = template.Library()


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row of the posting, and how many yen of it are this slip's."""

    entry: JournalEntry
    share: int


@register.inclusion_tag("yayoi_link/slip_postings.html", takes_context=True)
def slip_postings(context, slip):
    """The posting that took the slip into the books, with the rows that hold it, and the other postings that held it."""
    request = context["request"]
    holding = visible_deliveries(request).of_day(slip.day).filter(closing__entries__gte=slip.entry)
    current = holding.current().first()
    took = next(delivery for delivery in chain_of(current) if delivery.closing.entries >= slip.entry) if current else None
    return {
        "request": request,
        "posting": took,
        "rows": list(traced_rows(took, shares_of(slip))) if took else [],
        "others": holding.exclude(pk=took.pk).defer("body").order_by("-pk") if took else (),
    }


def shares_of(slip):
    """Return the yen of the slip by the key of the journal row that they went into."""
    shares = {}
    for split in slip.splits.all():
        key = sales_key(Nature(split.nature), split.method.code, TaxCategory(split.category))
        shares[key] = shares.get(key, 0) + split.amount
    return shares | {f"overage/{payment.method.code}": payment.overage for payment in slip.payments.all() if payment.overage}


def traced_rows(delivery, shares):
    """Rows wider than Yayoi can hold are cut: their keys have a tail behind the key that is looked for."""
    for entry in entries_of(delivery):
        if entry.key.endswith(REVERSAL):
            continue
        key = "/".join(entry.key.split("/")[: 2 if entry.key.startswith("overage/") else 3])
        if key in shares:
            yield TracedRow(entry, shares[key])


@register.filter
def address_of(entry, sources):
    """Where a row's slips, 入出金 or count are shown; nothing where nobody asked for it."""
    return sources.address_of(entry) if sources else ""
