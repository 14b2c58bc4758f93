"""Draws the table of states for the documentation, so that the picture cannot say anything else than the code."""

from collections.abc import Iterable, Iterator

from django.utils.translation import override

from yayoi_link.models.labels import STATES
from yayoi_link.states import NEW_GENERATIONS, STEPS, Actor, State, Step

BEGIN = "<!-- drawn by manage.py draw_states: begin -->"
END = "<!-- drawn by manage.py draw_states: end -->"
PEOPLE = frozenset({Actor.CLERK, Actor.MANAGER})
NEXT = "next"


def redraw(document: str) -> str:
    """Return the document with the drawing between its two marks made anew. Raises ValueError where they are missing."""
    before, begin, rest = document.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document has no place for the drawing")
    with override("ja"):
        return f"{before}{BEGIN}\n{drawing()}\n{END}{after}"


def drawing() -> str:
    """Return two Mermaid charts, of what happens by itself and of what people do, and the table with every guard."""
    by_itself = [step for step in STEPS if not step.actors & PEOPLE]
    by_people = [step for step in STEPS if step.actors & PEOPLE]
    parts = [
        "By itself: the worker, the reaper, a newer revision, a change of the link, and `after_restore` (dotted).",
        _chart(_arrows(by_itself)),
        "By people. `next` is the next generation of the same closing, with a key of its own; the old one keeps its state.",
        _chart([*_arrows(by_people), *_new_generations()], others=[f'{NEXT}(["next generation<br/>pending, or held"])']),
        _table(),
    ]
    return "\n\n".join(parts)


def _chart(arrows: Iterable[str], others: Iterable[str] = ()) -> str:
    states = [f'{state}["{state}<br/>{STATES[state]}"]' for state in State]
    return "\n".join(["```mermaid", "flowchart LR", *(f"    {line}" for line in [*states, *others, *arrows]), "```"])


def _arrows(steps: Iterable[Step]) -> Iterator[str]:
    """One arrow for all steps that lead from a state to another."""
    names: dict[tuple[State, State, bool], list[str]] = {}
    for step in steps:
        for source in (state for state in State if state in step.sources):
            names.setdefault((source, step.target, Actor.RESTORE in step.actors), []).append(step.name)
    for (source, target, is_restoring), labels in names.items():
        line = "-.->" if is_restoring else "-->"
        yield f'{source} {line}|"{"<br/>".join(labels)}"| {target}'


def _new_generations() -> Iterator[str]:
    for making in NEW_GENERATIONS:
        yield from (f'{state} ==>|"{making.name}"| {NEXT}' for state in State if state in making.sources)


def _table() -> str:
    lines = ["| step | from | to | who | what must be true besides |", "|---|---|---|---|---|"]
    lines += [_line(step.name, step.sources, step.target, step.actors, step.guard) for step in STEPS]
    lines += [_line(making.name, making.sources, "next generation", making.actors, making.guard) for making in NEW_GENERATIONS]
    return "\n".join(lines)


def _line(name, sources, target, actors, guard) -> str:
    ordered = ", ".join(state for state in State if state in sources)
    who = ", ".join(actor for actor in Actor if actor in actors)
    return f"| `{name}` | {ordered} | {target} | {who} | {guard} |"
