"""The adapter to Yayoi's smart import: what is posted, and which answers say that it arrived or was refused.

The real interface is not public. Whoever learns another one replaces this module.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn
from uuid import UUID

from yayoi_link.journal import Journal, JournalEntry, Side

FORMAT = "regi-admin.smart-import/1"
LARGEST_ANSWER = 16 * 1024
REFUSALS = {429, 503}
DEEPEST_ANSWER = 16
LARGEST_COUNT = 999_999_999


class Mode(StrEnum):
    FULL = "full"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Batch:
    """What the posting says about itself. `closed_at` is written with the offset that it carries."""

    id: UUID
    company_code: str
    store_code: str
    store_name: str
    business_date: date
    revision: int
    generation: int
    closed_at: datetime
    mode: Mode = Mode.FULL


def build_posting(journal: Journal, batch: Batch) -> bytes:
    """Return the body: UTF-8 without BOM, keys in the documented order, transactions sorted by key.

    The same journal and batch always give the same bytes.
    """
    posting = {
        "format": FORMAT,
        "batch": {
            "id": str(batch.id),
            "company_code": batch.company_code,
            "store_code": batch.store_code,
            "store_name": batch.store_name,
            "business_date": batch.business_date.isoformat(),
            "revision": batch.revision,
            "generation": batch.generation,
            "mode": batch.mode,
            "closed_at": batch.closed_at.isoformat(timespec="seconds"),
            "transaction_count": len(journal.entries),
            "income": journal.income,
            "expense": journal.expense,
        },
        "transactions": [_transaction(entry) for entry in sorted(journal.entries, key=lambda entry: entry.key)],
    }
    return json.dumps(posting, ensure_ascii=False, separators=(",", ":")).encode()


def _transaction(entry: JournalEntry) -> dict[str, Any]:
    money, counter = entry.money, entry.counter
    return {
        "key": entry.key,
        "date": entry.date.isoformat(),
        "direction": "income" if entry.money_on_debit else "expense",
        "amount": entry.amount,
        "description": entry.description,
        "payment_account": {"account": money.account, "sub_account": money.sub_account, "department": money.department},
        "counter_account": {
            "account": counter.account,
            "sub_account": counter.sub_account,
            "department": counter.department,
            "tax_category": counter.tax_category,
        },
        "tax_amount": entry.tax_amount,
        "reduced_tax_rate": entry.is_reduced_rate,
    }


def entries_from_posting(body: bytes) -> tuple[JournalEntry, ...]:
    """Return the entries that `build_posting` wrote into a body, for display and for proofs.

    Raises ValueError, KeyError or TypeError for a body that it did not write.
    """
    posting = json.loads(body)
    return tuple(_entry(transaction) for transaction in posting["transactions"])


def _entry(transaction: dict[str, Any]) -> JournalEntry:
    money, counter = Side(**transaction["payment_account"]), Side(**transaction["counter_account"])
    is_income = transaction["direction"] == "income"
    return JournalEntry(
        key=transaction["key"],
        date=date.fromisoformat(transaction["date"]),
        debit=money if is_income else counter,
        credit=counter if is_income else money,
        amount=transaction["amount"],
        tax_amount=transaction["tax_amount"],
        description=transaction["description"],
        money_on_debit=is_income,
    )


def is_acknowledgement(status: int, body: bytes, expected: int) -> bool:
    """Say whether the answer proves that all `expected` transactions were received. Never raises.

    Only a 2xx whose JSON object has an integer `received` equal to the count is proof. Anything else might be a proxy, a
    login page or a receiver that counted differently.
    """
    return 200 <= status <= 299 and _received(body) == expected


def is_refusal(status: int, body: bytes) -> bool:
    """Say whether the receiver itself states that it took nothing: the only answer that permits an automatic second try.

    A bare 429 or 503 may come from a proxy that passed the posting on. Never raises.
    """
    return status in REFUSALS and _received(body) == 0


def _received(body: bytes) -> int | None:
    received = (_parsed(body) or {}).get("received")
    # True == 1 in Python, and 12.0 == 12: neither is a count.
    return received if type(received) is int else None


def known_fields(body: bytes) -> dict[str, int]:
    """Return the fields of an answer that the adapter knows, for the record of the attempt. Never raises.

    No text: a receiver may repeat the link's path in its message, and the path is the secret.
    """
    received = _received(body)
    return {} if received is None or abs(received) > LARGEST_COUNT else {"received": received}


def _parsed(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object of an answer, None for everything that is not exactly one."""
    if len(body) > LARGEST_ANSWER:
        return None
    try:
        answer = json.loads(body.decode(), object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) and not _is_deep(answer) else None


def _is_deep(answer: Any) -> bool:
    """Judged by our own number: the depth at which Python's parser gives up depends on its version."""
    level = [answer]
    for _ in range(DEEPEST_ANSWER):
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else _refuse("a field given twice")


def _refuse(reason: str) -> NoReturn:
    raise ValueError(reason)
