"""From a slip to the journal: the rows that its split went into, in the postings that hold it."""

from dataclasses import dataclass

from django import template

from closing.categories import Nature, TaxCategory
from yayoi_link.access import visible_deliveries
from yayoi_link.journal import JournalEntry
from yayoi_link.journal_lines import sales_key
from yayoi_link.outbox import book
from yayoi_link.payload import entries_from_posting

register = template.Library()


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row of the posting, and how many yen of it are this slip's."""

    entry: JournalEntry
    share: int


@register.inclusion_tag("yayoi_link/slip_postings.html", takes_context=True)
def slip_postings(context, slip):
    """The current posting of the slip's day with the rows that hold it, and the earlier postings that held it."""
    request = context["request"]
    holding = visible_deliveries(request).of_day(slip.day).filter(closing__entries__gte=slip.entry)
    current = holding.current().first()
    return {
        "request": request,
        "current": current,
        "rows": list(traced_rows(current, shares_of(slip))) if current else [],
        "earlier": holding.exclude(is_current=True).defer("body").order_by("-pk"),
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
        key = "/".join(entry.key.split("/")[: 2 if entry.key.startswith("overage/") else 3])
        if key in shares:
            yield TracedRow(entry, shares[key])


def entries_of(delivery):
    if delivery.is_frozen:
        return entries_from_posting(bytes(delivery.body))
    return book(delivery.closing.figures, delivery.day, revision=delivery.closing.revision).entries
