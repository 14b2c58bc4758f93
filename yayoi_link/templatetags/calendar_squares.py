"""The squares of the calendar of 連携状況. A page has up to 1,550: a template for each would take a third of a second."""

from collections.abc import Iterable
from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from stores.models import Store
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
    drawing = Drawing(may_choose=bool(may_choose))
    return mark_safe("".join(map(drawing.row, rows)))  # noqa: S308 (made by format_html)


class Drawing:
    """Draws one page of the calendar in one language."""

    def __init__(self, *, may_choose: bool) -> None:
        self.may_choose = may_choose
        # The address of a delivery differs from that of any other by its number alone.
        self.before, self.after = reverse("yayoi_link:delivery", args=[0]).rsplit("0", 1)
        self.clothes: dict[Face, Clothes] = {}

    def row(self, row: Row) -> SafeString:
        squares = mark_safe("".join(self.square(row.store, square) for square in row.squares))  # noqa: S308 (numbers, our own words, addresses)
        return format_html(ROW, pk=row.store.pk, code=row.store.code, name=row.store.name, squares=squares)

    def square(self, store: Store, square: Square) -> str:
        n = square.date.day
        if square.face is None:
            return f'<td data-day="{n}"></td>'
        worn, kind = self._clothes(square.face), "" if square.is_sought else UNSOUGHT
        if square.day is None:
            return (
                f'<td data-day="{n}"{kind}><span class="{worn.look}" aria-hidden="true">{worn.inside}</span>'
                f'<span class="visually-hidden">{worn.word}</span></td>'
            )
        return (
            f'<td data-day="{n}" data-state="{square.state}"{kind}><a class="{worn.look}" href="{self._address(store, square)}"'
            f' aria-labelledby="s{store.pk} d{n} w-{square.face.name}" aria-describedby="y{square.reason}">{worn.inside}</a>'
            f"{self._box(store, square)}</td>"
        )

    def _address(self, store, square):
        if square.delivery:
            return f"{self.before}{square.delivery}{self.after}"
        return reverse("closing:day", args=[store.code, square.date])

    def _box(self, store, square):
        if not self.may_choose or not square.delivery:
            return ""
        return f'<input type="checkbox" name="days" value="{square.day}" aria-labelledby="choose s{store.pk} d{square.date.day}">'

    def _clothes(self, face):
        if face not in self.clothes:
            icon = format_html(ICON, face.name) if face.chip.icon else ""
            look = f"square state-{face.chip.look}{' is-long' if face.is_long else ''}"
            self.clothes[face] = Clothes(look, conditional_escape(face.chip.word), format_html("{}{}", icon, face.short))
        return self.clothes[face]
