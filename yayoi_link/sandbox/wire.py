"""What the portal posts, read strictly: the receiver's half of the wire format in docs."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

FORMAT = "regi-admin.smart-import/1"
LARGEST_AMOUNT = 999_999_999
LONGEST_TEXT = 200
WIDEST_DESCRIPTION = 64

type Check = Callable[[object, str], None]


class NotAccepted(Exception):
    """The posting is not in the format; says where and why."""

    def __init__(self, where: str, reason: str):
        super().__init__(f"{where.lstrip('.')}: {reason}" if where else reason)


@dataclass(frozen=True, slots=True)
class ReceivedPosting:
    """The batch and its transactions as they came, every value checked."""

    batch: dict
    transactions: list[dict]


def read_posting(body: bytes) -> ReceivedPosting:
    """Return the posting, or raise NotAccepted at the first thing that is not as documented."""
    posting = read_json(body)
    check_posting(posting, "")
    batch, transactions = posting["batch"], posting["transactions"]
    check_order([transaction["key"] for transaction in transactions])
    check_totals(batch, transactions)
    return ReceivedPosting(batch=batch, transactions=transactions)


def read_json(body: bytes) -> object:
    """Decode UTF-8 without BOM and JSON without repeated keys."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=keys_once)
    except (ValueError, RecursionError) as unreadable:
        raise NotAccepted("", _("UTF-8（BOMなし）のJSONとして読めません。")) from unreadable


def keys_once(pairs: list[tuple[str, object]]) -> dict:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise NotAccepted("", _("同じキーが2回あります。"))
    return mapping


def check_order(keys: list[str]) -> None:
    if keys != sorted(keys):
        raise NotAccepted("transactions", _("keyの順に並んでいません。"))


def check_totals(batch: dict, transactions: list[dict]) -> None:
    """Compare the number and the sums that the batch announces with its transactions."""
    if batch["transaction_count"] != len(transactions):
        raise NotAccepted("batch.transaction_count", _("取引の数と合いません。"))
    for direction in ("income", "expense"):
        if batch[direction] != sum(row["amount"] for row in transactions if row["direction"] == direction):
            raise NotAccepted(f"batch.{direction}", _("取引の金額の合計と合いません。"))


def object_of(fields: dict[str, Check]) -> Check:
    """Accept an object that has exactly these keys in this order."""

    def check(value, where):
        if not isinstance(value, dict) or list(value) != list(fields):
            raise NotAccepted(where, _("次のキーだけをこの順に持つオブジェクトではありません: %(keys)s") % {"keys": ", ".join(fields)})
        for name, check_field in fields.items():
            check_field(value[name], f"{where}.{name}")

    return check


def some(check_item: Check) -> Check:
    """Accept a list with at least one item, all of one kind."""

    def check(value, where):
        if not isinstance(value, list) or not value:
            raise NotAccepted(where, _("1件以上の配列ではありません。"))
        for position, item in enumerate(value):
            check_item(item, f"{where}[{position}]")

    return check


def one_of(*words: str) -> Check:
    def check(value, where):
        if value not in words:
            raise NotAccepted(where, _("次のどれでもありません: %(words)s") % {"words": ", ".join(words)})

    return check


def whole_number(least: int, most: int | None = None) -> Check:
    def check(value, where):
        if type(value) is not int or value < least or (most is not None and value > most):
            raise NotAccepted(where, _("決められた範囲の整数ではありません。"))

    return check


def flag(value: object, where: str) -> None:
    if not isinstance(value, bool):
        raise NotAccepted(where, _("true か false ではありません。"))


def text(value: object, where: str) -> None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise NotAccepted(where, _("%(most)s文字までの文字列ではありません。") % {"most": LONGEST_TEXT})
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise NotAccepted(where, _("制御文字は使えません。"))


def filled_text(value: object, where: str) -> None:
    text(value, where)
    if not value:
        raise NotAccepted(where, _("空です。"))


def description(value: object, where: str) -> None:
    """Accept what fits into Yayoi's 摘要: CP932, full-width characters counting two columns."""
    filled_text(value, where)
    try:
        width = len(value.encode("cp932"))
    except UnicodeEncodeError as foreign:
        raise NotAccepted(where, _("CP932にない文字があります。")) from foreign
    if width > WIDEST_DESCRIPTION:
        raise NotAccepted(where, _("半角%(most)s桁を超えています。") % {"most": WIDEST_DESCRIPTION})


def written_as(parse: Callable[[str], str], reason: Callable[[], str]) -> Check:
    """Accept a text that is written exactly as the parsed value writes itself."""

    def check(value, where):
        text(value, where)
        try:
            canonical = parse(value)
        except ValueError:
            canonical = None
        if canonical != value:
            raise NotAccepted(where, reason())

    return check


def moment_with_offset(value: str) -> str | None:
    moment = datetime.fromisoformat(value)
    return moment.isoformat() if moment.utcoffset() is not None else None


calendar_date = written_as(lambda value: date.fromisoformat(value).isoformat(), lambda: _("YYYY-MM-DDの日付ではありません。"))
moment = written_as(moment_with_offset, lambda: _("時差つきのISO 8601の日時ではありません。"))
uuid = written_as(lambda value: str(UUID(value)), lambda: _("UUIDではありません。"))

ACCOUNT = {"account": filled_text, "sub_account": text, "department": text}
TRANSACTION = {
    "key": filled_text,
    "date": calendar_date,
    "direction": one_of("income", "expense"),
    "amount": whole_number(1, LARGEST_AMOUNT),
    "description": description,
    "payment_account": object_of(ACCOUNT),
    "counter_account": object_of(ACCOUNT | {"tax_category": filled_text}),
    "tax_amount": whole_number(0, LARGEST_AMOUNT),
    "reduced_tax_rate": flag,
}
BATCH = {
    "id": uuid,
    "company_code": filled_text,
    "store_code": filled_text,
    "store_name": filled_text,
    "business_date": calendar_date,
    "revision": whole_number(1),
    "generation": whole_number(1),
    "mode": one_of("full", "difference"),
    "closed_at": moment,
    "transaction_count": whole_number(1),
    "income": whole_number(0),
    "expense": whole_number(0),
}
check_posting = object_of({"format": one_of(FORMAT), "batch": object_of(BATCH), "transactions": some(object_of(TRANSACTION))})
