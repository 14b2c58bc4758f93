"""The squares of the calendar of 連携状況. A page has up to 1,550: a template for each would take a third of a second."""

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()

LINKED = (
    '<td data-day="{n}" data-state="{state}"{kind}><a class="square state-{look}{size}" href="{href}"'
    ' aria-labelledby="s{store} d{n} w-{face}" aria-describedby="y{reason}">{inside}</a>{box}</td>'
)
BOX = '<input type="checkbox" name="days" value="{day}" aria-labelledby="choose s{store} d{n}">'
PLAIN = '<td data-day="{n}"{kind}><span class="square state-{look}" aria-hidden="true">{inside}</span><span class="visually-hidden">{word}</span></td>'
STILL_TO_COME = '<td data-day="{n}"></td>'
ICON = '<svg aria-hidden="true"><use href="#i-{}"/></svg>'
UNSOUGHT = ' class="is-unsought"'


@register.simple_tag
def calendar_squares(row, may_choose):
    """The days of one store as cells of its row: a link to what became of the day, and a box where somebody may choose days."""
    markup_of = square_of(row.store, may_choose=bool(may_choose))
    return mark_safe("".join(map(markup_of, row.squares)))  # noqa: S308 (numbers, our own words, and addresses made by reverse)


def square_of(store, *, may_choose):
    # The address of a delivery differs from that of any other by its number alone.
    before, after = reverse("yayoi_link:delivery", args=[0]).split("0")
    clothes = {}

    def square(square):
        n = square.date.day
        if square.face is None:
            return STILL_TO_COME.format(n=n)
        if square.face.name not in clothes:
            clothes[square.face.name] = worn(square.face)
        known = clothes[square.face.name] | {"n": n, "kind": "" if square.is_sought else UNSOUGHT}
        if square.day is None:
            return PLAIN.format_map(known)
        known |= {"store": store.pk, "state": square.state, "reason": square.reason, "day": square.day}
        known["href"] = f"{before}{square.delivery}{after}" if square.delivery else reverse("closing:day", args=[store.code, square.date])
        known["box"] = BOX.format_map(known) if may_choose and square.delivery else ""
        return LINKED.format_map(known)

    return square


def worn(face):
    icon = format_html(ICON, face.name) if face.chip.icon else ""
    return {
        "look": face.chip.look,
        "size": " is-long" if face.is_long else "",
        "face": face.name,
        "word": conditional_escape(face.chip.word),
        "inside": format_html("{}{}", icon, face.short),
    }
