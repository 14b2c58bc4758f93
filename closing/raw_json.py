"""JSON as somebody sent it, in a form that every database holds and every page shows."""

from math import isfinite
from typing import Any

from closing import slip_columns as columns

# More digits than any amount has; beyond some thousands Python refuses to write an integer out.
WIDEST_INTEGER = 64  # bits


def storable(value: Any) -> Any:
    """Return the value with what no database column for JSON takes written out: NUL, half characters, endless numbers."""
    if isinstance(value, str):
        return value.replace("\0", "\\u0000").encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {storable(name): storable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [storable(part) for part in value]
    if isinstance(value, int) and value.bit_length() > WIDEST_INTEGER:
        return hex(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value


def with_register(sent: Any, register: int) -> dict[str, Any]:
    """Return what a register sent as an object that also says which register it was: only its token does."""
    item = storable(sent)
    return {columns.REGISTER: register} | (item if isinstance(item, dict) else {"": item})


def shown(value: Any, most: int) -> str:
    """Return the value as text of at most so many characters."""
    return str(storable(value))[:most]
