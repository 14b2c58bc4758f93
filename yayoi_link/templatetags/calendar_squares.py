"""The squares of the calendar of 連携状況. A page has up to 1,550: a template for each would take a third of a second."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yayoi_link.calendar_words import Face
from yayoi_link.delivery_calendar import Row, Square

register = template.Library()

ROW = '<tr data-store="{pk}"><th scope="row" id="s{pk}"><small>{code}</small> {name}</th>{squares}</tr>'
ICON = '<svg aria-hidden="true"><use href="#i-{}"/></svg>'
UNSOUGHT = ' class="is-unsought"'


class Clothes(NamedTuple):
    """What all squares with the same face wear, as markup."""

    look: str
    word: str
    inside: str


@register.simple_tag
def calendar_rows(rows: Iterable[Row], may_choose: object) -> SafeString:
    """Every store with its days: a link to what became of the day, and a box where somebody may choose days."""
    squares_of = _squares(may_choose=bool(may_choose))
    return mark_safe("".join(_row(row, squares_of) for row in rows))  # noqa: S308 (made by format_html)


def _row(row, squares_of):
    squares = mark_safe("".join(squares_of(row)))  # noqa: S308 (numbers, our own words, and addresses made by reverse)
    return format_html(ROW, pk=row.store.pk, code=row.store.code, name=row.store.name, squares=squares)


def _squares(*, may_choose: bool) -> Callable[[Row], Iterable[str]]:
    # The address of a delivery differs from that of any other by its number alone.
    before, after = reverse("yayoi_link:delivery", args=[0]).split("0")
    clothes = _Wardrobe()

    def squares(row: Row) -> Iterable[str]:
        for square in row.squares:
            if square.face is None:
                yield f'<td data-day="{square.date.day}"></td>'
            elif square.day is None:
                yield _unopened(square, clothes[square.face])
            else:
                href = f"{before}{square.delivery}{after}" if square.delivery else _page_of_day(row, square)
                yield _opened(row.store.pk, square, clothes[square.face], href, may_choose=may_choose)

    return squares


class _Wardrobe(defaultdict):
    def __missing__(self, face: Face) -> Clothes:
        icon = format_html(ICON, face.name) if face.chip.icon else ""
        look = f"square state-{face.chip.look}{' is-long' if face.is_long else ''}"
        self[face] = Clothes(look, conditional_escape(face.chip.word), format_html("{}{}", icon, face.short))
        return self[face]


def _page_of_day(row, square):
    return reverse("closing:day", args=[row.store.code, square.date])


def _opened(store, square: Square, worn: Clothes, href, *, may_choose):
    n = square.date.day
    box = may_choose and square.delivery
    return (
        f'<td data-day="{n}" data-state="{square.state}"{"" if square.is_sought else UNSOUGHT}><a class="{worn.look}" href="{href}"'
        f' aria-labelledby="s{store} d{n} w-{square.face.name}" aria-describedby="y{square.reason}">{worn.inside}</a>'
        f"{f'<input type="checkbox" name="days" value="{square.day}" aria-labelledby="choose s{store} d{n}">' if box else ''}</td>"
    )


def _unopened(square: Square, worn: Clothes):
    return (
        f'<td data-day="{square.date.day}"{"" if square.is_sought else UNSOUGHT}><span class="{worn.look}" aria-hidden="true">'
        f'{worn.inside}</span><span class="visually-hidden">{worn.word}</span></td>'
    )
