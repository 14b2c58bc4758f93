"""弥生に送る仕訳 as the last part of a 日計."""

from django import template

from yayoi_link.booking import book
from yayoi_link.journal import Journal
from yayoi_link.models import Delivery
from yayoi_link.posting_sheet import posting_sheet

register = template.Library()


@register.inclusion_tag("yayoi_link/posting_preview.html")
def closing_sheet(closing):
    """The rows of a whole 日計, as they were frozen for it, else under the accounts of today; with the proof that they add up."""
    deliveries = list(Delivery.objects.filter(closing=closing).order_by("-generation", "-pk"))
    content = content_of_closing(closing, deliveries)
    return {
        "is_sent_in_part": any(delivery.is_current and delivery.mode == Delivery.Mode.DIFFERENCE for delivery in deliveries),
        "sheet": posting_sheet(content.entries, closing.figures, left_out=content.left_out),
        "missing": content.missing,
        "is_empty": content.is_empty,
        "is_counted": closing.actual_cash is not None,
    }


def content_of_closing(closing, deliveries):
    whole = (delivery for delivery in deliveries if delivery.mode == Delivery.Mode.FULL and delivery.is_frozen)
    if frozen := next(whole, None):
        return Journal(frozen.entries, left_out=frozen.lines_left_out)
    return book(closing.figures, closing.day, revision=closing.revision)
