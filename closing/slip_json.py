"""Slips as JSON, in the names of the registers' API. All money is whole yen."""

from datetime import date, datetime
from typing import Any

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.slip_content import OriginalSlip, PaymentPart, SlipContent, TaxPart

FIGURES = ("discount", "service_charge", "points", "guests")


def to_json(content: SlipContent) -> dict[str, Any]:
    """Return the slip as dicts, lists, strings and integers; `from_json` reads an equal slip from it."""
    return {
        "number": content.number,
        "kind": content.kind.value,
        "business_date": content.business_date.isoformat(),
        "issued_at": content.issued_at.isoformat(),
        "register": content.register_number,
        "staff_code": content.staff_code,
        "reverses": content.original and {**content.original._asdict(), "business_date": content.original.business_date.isoformat()},
        "reason": content.reason and content.reason.value,
        "taxes": [{**part._asdict(), "category": part.category.value} for part in content.taxes],
        "payments": [payment._asdict() for payment in content.payments],
        **{name: getattr(content, name) for name in FIGURES},
    }


def from_json(stored: dict[str, Any]) -> SlipContent:
    """Return the slip that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    original, reason = stored["reverses"], stored["reason"]
    return SlipContent(
        number=stored["number"],
        kind=SlipKind(stored["kind"]),
        business_date=date.fromisoformat(stored["business_date"]),
        issued_at=datetime.fromisoformat(stored["issued_at"]),
        register_number=stored["register"],
        staff_code=stored["staff_code"],
        original=original and OriginalSlip(**{**original, "business_date": date.fromisoformat(original["business_date"])}),
        reason=reason and ReversalReason(reason),
        taxes=tuple(TaxPart(**{**part, "category": TaxCategory(part["category"])}) for part in stored["taxes"]),
        payments=tuple(PaymentPart(**payment) for payment in stored["payments"]),
        **{name: stored[name] for name in FIGURES},
    )
