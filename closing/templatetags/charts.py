"""Amounts and places as the charts write them."""

from html import escape

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from closing.analysis_period import Step
from closing.charts import Slot
from closing.templatetags.figures import jdate, yen

register = template.Library()

HUNDRED_MILLION, TEN_THOUSAND = 10**8, 10**4


@register.filter
def across(place):
    """1234 → 12.34%: a place in a drawing, whatever the language writes in numbers."""
    return f"{place // 100}.{place % 100:02}%"


@register.filter
def axis_yen(amount):
    """200000 → 20万円: short enough to stand beside a chart."""
    sign, size = "-" if amount < 0 else "", abs(amount)
    if size and size % HUNDRED_MILLION == 0:
        return sign + _("%(number)s億円") % {"number": size // HUNDRED_MILLION}
    if size and size % TEN_THOUSAND == 0:
        return sign + _("%(number)s万円") % {"number": size // TEN_THOUSAND}
    return yen(amount)


@register.filter
def percent(permille):
    """123 → 12.3%; a dash where there is nothing to compare with."""
    if permille is None:
        return "－"
    return f"{'-' if permille < 0 else ''}{abs(permille) // 10}.{abs(permille) % 10}%"


@register.filter
def signed_percent(permille):
    return f"+{percent(permille)}" if permille and permille > 0 else percent(permille)


@register.filter
def change_in_words(difference):
    """-1200 → ¥1,200 少ない: a sign alone is easily missed."""
    if difference == 0:
        return _("同額")
    amount = {"amount": yen(abs(difference))}
    return _("%(amount)s 多い") % amount if difference > 0 else _("%(amount)s 少ない") % amount


LABELS = 6  # under a chart, so that they stay apart on a phone


def slots_of(spans, step):
    """A slot per part of a period, with a label under some of them. Weekends are set off, and weeks and months that are not whole."""
    every = -(-len(spans) // LABELS)
    return [
        Slot(span_name(span), short_name(span, step) if number % every == 0 else "", is_set_off(span, step))
        for number, span in enumerate(spans)
    ]


def is_set_off(span, step):
    return span.first.weekday() >= 5 if step is Step.DAY else not span.is_whole(step)


@register.filter
def span_name(span):
    """2026年4月1日(水), or 2026年4月1日(水)～2026年4月5日(日)."""
    if span.first == span.last:
        return jdate(span.first)
    return _("%(first)s～%(last)s") % {"first": jdate(span.first), "last": jdate(span.last)}


def short_name(span, step):
    return f"{span.first.year}/{span.first.month}" if step is Step.MONTH else f"{span.first.month}/{span.first.day}"


@register.simple_tag
def chart_columns(chart, drawing):
    """The columns of the chart that is drawn under this id, as SVG; without a template, which takes ten times as long for some hundred pieces."""
    return mark_safe("".join(_column_drawn(column, chart.height, drawing) for column in chart.columns))  # noqa: S308  escaped below


def _column_drawn(column, height, drawing):
    told = "".join(f"\n{escape(piece.series.name)} {yen(piece.amount)}" for piece in column.pieces)
    touched = f'<rect class="chart-touch" x="{across(column.left)}" width="{across(column.width)}" y="0" height="{height}"/>'
    pieces = "".join(_piece_drawn(piece, drawing) for piece in column.pieces)
    return f'<g class="chart-column"><title>{escape(column.slot.name)}{told}</title>{touched}{pieces}</g>'


def _piece_drawn(piece, drawing):
    mark = piece.series.mark
    place = f'x="{across(piece.x)}" width="{across(piece.width)}" y="{piece.y}" height="{piece.height}"'
    return f'<rect class="chart-piece mark-{mark}" fill="url(#{drawing}-mark-{mark})" {place}/>'
