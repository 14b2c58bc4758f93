"""The lines of a 日計, by payment method and tax category, each with the way to its slips."""

from django import template

from closing.booked_slips import slips_behind
from closing.categories import Nature, TaxCategory
from closing.models import ClosingLine

register = template.Library()


@register.inclusion_tag("closing/report/lines.html")
def closing_lines(closing):
    """What a close has of each method, category and nature: the lines that the journal is made from."""
    lines = ClosingLine.objects.filter(closing=closing).select_related("method") if closing else []
    return {"rows": [(line, way_to_slips(line, closing)) for line in sorted(lines, key=place_of)]}


def way_to_slips(line, closing):
    category, natures = TaxCategory(line.category), [Nature(line.nature)]
    return slips_behind(closing.day_id, up_to=closing.entries, method_id=line.method_id, category=category, natures=natures)


def place_of(line):
    return (line.method.position, line.method.code, TaxCategory(line.category).position, list(Nature).index(Nature(line.nature)))
