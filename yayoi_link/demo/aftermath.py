"""What comes after the demo's days are closed: late uploads, slips in 保留, a 仮閉局 and the 月次締め of the oldest month."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

from closing.handover import confirm_note, write_note
from closing.intake import book_slips
from closing.kept_slips import discard_kept, keep_refused
from closing.models import BusinessDay, KeptSlip
from closing.month_locks import lock_month
from closing.slip_content import PaymentPart, SlipContent
from closing.trading_day import close_day
from stores.audit import Origin
from stores.models import Company, Store
from yayoi_link.demo.shop import Shop, slips_of_day


def close_without_count(day: BusinessDay, *, by: Origin) -> None:
    """仮閉局 from afar: nobody has counted, and TOP asks for it."""
    day.refresh_from_db()
    close_day(day, counts=None, by=by)


def go_on_selling(day: BusinessDay, shop: Shop, *, now: datetime, by: Origin) -> None:
    """The forgotten day takes the next day's first customers: a case for 営業日の付け替え."""
    today = day.date + timedelta(days=1)
    morning = [slip for slip in slips_of_day(shop, today) if slip.issued_at <= now and not slip.original]
    book_slips(day.store, [replace(slip, business_date=day.date, number=f"5{slip.number[1:]}") for slip in morning], by=by, today=today)


def leave_notes(store: Store, day: date, *, late: Origin, early: Origin) -> None:
    """引継メモ: the early shift's, which the late one has confirmed, and the late one's, which waits for the morning."""
    delivered = _note(store, day, "コーヒー豆の納品が17時に変わりました。届いたら検品をお願いします。", by=early)
    confirm_note(delivered, by=late)
    _note(store, day, "2階のレジの1円玉が残り20枚ほどです。\n開店前に両替をお願いします。", by=late)


def _note(store, day, text, *, by):
    return write_note(store, date=day, text=text, key=uuid.uuid5(uuid.NAMESPACE_OID, f"{store.pk}/{day}/{text}"), by=by)


def upload_late(store: Store, shop: Shop, day: date, *, by: Origin, today: date) -> None:
    """A register that was offline sends a slip of a day that is closed since: 閉局後に変更あり."""
    slip = first_cash_slip(shop, day)
    book_slips(store, [replace(slip, number="600090", issued_at=slip.issued_at + timedelta(minutes=7))], by=by, today=today)


def lock_oldest_month(company: Company, day: date, *, by: Origin, today: date) -> None:
    """月次締め of the month of `day`."""
    lock_month(company, day.replace(day=1), by=by, today=today)


def send_what_is_refused(store: Store, shop: Shop, days: dict[str, date], *, by: Origin, today: date) -> None:
    """保留: another content under a number in use, an unknown method, a locked month, and a slip of training that was sorted out."""
    conflict, unknown, locked, training = (first_cash_slip(shop, days[cause]) for cause in ("conflict", "unknown", "locked", "training"))
    refused = [
        replace(conflict, guests=conflict.guests + 1),
        replace(unknown, number="600091", payments=(PaymentPart("COUPON", unknown.total),)),
        replace(locked, number="600092"),
        replace(training, number="600093", payments=(PaymentPart("TRAINING", training.total),)),
    ]
    kept = keep_refused(store, book_slips(store, refused, by=by, today=today), source=KeptSlip.Source.REGISTER, by=by)
    discard_kept(kept[-1], reason="訓練モードで打った伝票のため", by=by)


def first_cash_slip(shop: Shop, day: date) -> SlipContent:
    """Return the day's first plain sale paid in cash."""
    sales = (slip for slip in slips_of_day(shop, day) if not slip.original and len(slip.payments) == 1)
    return next(slip for slip in sales if slip.payments[0].method == "CASH")
