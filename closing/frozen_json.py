"""JSON for frozen values: written once, read back to an equal value.

Understands what the figures of a day are made of: int, str, bool, None, dates, StrEnums, tuples and dataclasses of these.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


def to_json(value: Any) -> Any:
    """Return the value as dicts, lists, strings, integers, booleans and None."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def from_json(kind: Any, stored: Any) -> Any:
    """Return the value of type `kind` that `to_json` wrote.

    Raises TypeError or ValueError when the text was not written by `to_json` for this type.
    """
    if get_origin(kind) is UnionType:
        (kind,) = (member for member in get_args(kind) if member is not NoneType)
        return None if stored is None else from_json(kind, stored)
    if get_origin(kind) is tuple:
        return _tuple_from_json(get_args(kind), stored)
    if is_dataclass(kind):
        # A figure that was added to the type since has its default.
        return kind(**{name: from_json(hint, stored[name]) for name, hint in _types_of(kind).items() if name in stored})
    if kind is date:
        return date.fromisoformat(stored)
    return kind(stored)


def _tuple_from_json(members: tuple, stored: list) -> tuple:
    if members[-1] is Ellipsis:
        return tuple(from_json(members[0], item) for item in stored)
    return tuple(from_json(member, item) for member, item in zip(members, stored, strict=True))


@cache
def _types_of(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
