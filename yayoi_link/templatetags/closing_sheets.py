"""弥生に送る仕訳 as the last part of a 日計."""

from django import template

from closing.models import Closing
from yayoi_link.day_contents import contents_of, with_postings
from yayoi_link.mappings_of_period import MappingsOfPeriod
from yayoi_link.models import Delivery
from yayoi_link.posting_sheet import posting_sheet

register = template.Library()


@register.inclusion_tag("yayoi_link/posting_preview.html")
def closing_sheet(closing):
    """The rows of a whole 日計 with the proof that they add up, as a file of that day has them."""
    content = content_of_closing(closing)
    return {
        "is_sent_in_part": any(posting.is_current and posting.mode == Delivery.Mode.DIFFERENCE for posting in content.closing.postings),
        "sheet": posting_sheet(content.entries, closing.figures, left_out=content.left_out),
        "missing": content.missing,
        "is_empty": content.is_empty,
        "is_counted": closing.actual_cash is not None,
    }


def content_of_closing(closing):
    [read] = with_postings(Closing.objects.filter(pk=closing.pk).select_related("day__store__company"))
    day = read.day
    [content] = contents_of([read], MappingsOfPeriod([day.store], last=day.date))
    return content
