"""Proves what leaves the portal: every closing has its delivery, and each frozen posting says what its closing says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from closing import mismatch_words
from closing.figures import DayFigures
from closing.models import BusinessDay, Closing
from closing.proving import Flaw, flaws_of_day, flaws_of_red_slips
from stores.models import Company
from yayoi_link.booking import before_difference
from yayoi_link.difference import Standing, standings
from yayoi_link.journal import SALES_FAMILIES, JournalEntry, LeftOut, family_of
from yayoi_link.journal_proof import disagreements
from yayoi_link.models import Delivery
from yayoi_link.payload import entries_from_posting
from yayoi_link.presence import Presence, presence

READINGS = 10
HEADING = ("store_code", "business_date", "revision", "transaction_count", "income", "expense")


def days_to_prove(*, company: Company | None = None, first: date | None = None, last: date | None = None) -> QuerySet[BusinessDay]:
    """Return the days from `first` to `last`, of one company or of all; a bound that is None leaves its side open."""
    days = BusinessDay.objects.select_related("store__company").order_by("store__company", "store", "date", "pk")
    if company is not None:
        days = days.filter(store__company=company)
    if first is not None:
        days = days.filter(date__gte=first)
    return days if last is None else days.filter(date__lte=last)


def flaws_of_books(days: QuerySet[BusinessDay]) -> Iterator[tuple[BusinessDay | None, list[Flaw]]]:
    """Yield each day with what does not add up in it, one by one, and at the end (None) what red slips took back too much of."""
    for day in days.iterator(chunk_size=200):
        yield day, _flaws_at_rest(day)
    yield None, list(flaws_of_red_slips(days.order_by()))


def _flaws_at_rest(day: BusinessDay) -> list[Flaw]:
    """Read a day again that was written to meanwhile: shops go on trading while their books are proved."""
    for _read in range(READINGS):
        flaws, seen = [*flaws_of_day(day), *flaws_of_deliveries(day)], (day.entries, day.revision)
        if not flaws:
            return []
        day.refresh_from_db(from_queryset=BusinessDay.objects.select_related("store__company"))
        if (day.entries, day.revision) == seen:
            break
    return flaws


def flaws_of_deliveries(day: BusinessDay) -> Iterator[Flaw]:
    """Yield what is wrong with the postings of the day's closings; nothing is the proof."""
    closings = list(day.closings.prefetch_related("deliveries").order_by("revision"))
    for closing in closings:
        deliveries = list(closing.deliveries.all())
        if not deliveries:
            yield Flaw(day.store, day.date, closing.revision, str(_("連携がありません")))
        for delivery in deliveries:
            for what in _flaws_of_body(delivery, closing, day):
                name = _("連携%(generation)s（%(mode)s）: ") % {"generation": delivery.generation, "mode": delivery.get_mode_display()}
                yield Flaw(day.store, day.date, closing.revision, f"{name}{what}")
    deliveries = [delivery for closing in closings for delivery in closing.deliveries.all()]
    if deliveries and [delivery.closing_id for delivery in deliveries if delivery.is_current] != [closings[-1].pk]:
        yield Flaw(day.store, day.date, None, str(_("最新の連携が、最後の閉局のものではありません")))


def _flaws_of_body(delivery: Delivery, closing: Closing, day: BusinessDay) -> Iterator[str]:
    if delivery.is_empty:
        yield from _flaws_of_nothing(delivery, closing)
    if not delivery.is_frozen:
        return
    body = bytes(delivery.body)
    if hashlib.sha256(body).hexdigest() != delivery.body_sha256:
        yield _("送信内容が、凍結したときから変わっています")
    try:
        entries, batch = entries_from_posting(body), json.loads(body)["batch"]
        shown = {name: batch[name] for name in HEADING}
        figures = closing.figures
    except (AttributeError, KeyError, TypeError, ValueError):
        yield _("送信内容または日計を読み取れません")
        return
    if shown != _heading(delivery, closing, day, entries) or len(entries) != delivery.row_count:
        yield _("送信内容の見出し（店舗・営業日・回数・行数・合計）が、明細や日計と違います")
    yield from _flaws_of_entries(entries)
    if delivery.mode == Delivery.Mode.FULL and any(entry.date != day.date for entry in entries):
        yield _("仕訳の日付が、営業日と違います")
    in_books = _what_the_books_have_with(delivery, entries)
    if in_books is not None and (where := _disagreements(figures, in_books, delivery.lines_left_out)):
        yield _("仕訳が日計と一致しません（%(where)s）") % {"where": where}


def _flaws_of_nothing(delivery: Delivery, closing: Closing) -> Iterator[str]:
    """送信不要（取引なし）: without a row of its own, the books have all of the day but what its company leaves out."""
    try:
        figures = closing.figures
    except (AttributeError, KeyError, TypeError, ValueError):
        yield _("日計を読み取れません")
        return
    in_books = _what_the_books_have_with(delivery, ())
    if in_books is not None and (where := _disagreements(figures, in_books, delivery.lines_left_out)):
        yield _("「取引なし」として送信していませんが、送る取引があります（%(where)s）") % {"where": where}


def _heading(delivery: Delivery, closing: Closing, day: BusinessDay, entries: Iterable[JournalEntry]) -> dict[str, object]:
    amounts = [(entry.money_on_debit, entry.amount) for entry in entries]
    income = sum(amount for is_income, amount in amounts if is_income)
    expense = sum(amount for is_income, amount in amounts if not is_income)
    values = (day.store.code, day.date.isoformat(), closing.revision, delivery.row_count, income, expense)
    return dict(zip(HEADING, values, strict=True))


def _what_the_books_have_with(delivery: Delivery, entries: tuple[JournalEntry, ...]) -> tuple[JournalEntry, ...] | None:
    """Return what Yayoi has of the day once it has these entries; None where nobody knows, or where they are not meant to get there.

    A full posting is all of it. A difference comes on top of what was there before: the accounts stay, the amounts are the new ones.
    """
    if delivery.mode == Delivery.Mode.FULL:
        return entries
    if not delivery.is_current and presence(delivery) is not Presence.THERE:
        return None
    before = before_difference(delivery)
    on = delivery.posted_on or delivery.day.date
    return None if before is None else tuple(_as_entry(key, each, on) for key, each in standings([*before, entries]).items())


def _as_entry(key: str, standing: Standing, on: date) -> JournalEntry:
    is_debit = standing.amount >= 0
    return JournalEntry(
        key=key,
        date=on,
        debit=standing.money if is_debit else standing.counter,
        credit=standing.counter if is_debit else standing.money,
        amount=abs(standing.amount),
        tax_amount=standing.tax if is_debit else -standing.tax,
        description=standing.description,
        money_on_debit=is_debit,
    )


def _flaws_of_entries(entries: Iterable[JournalEntry]) -> Iterator[str]:
    """A row has one amount for both sides, so it balances when it is an ordinary row; all rows then balance together."""
    for entry in entries:
        if entry.amount <= 0 or not 0 <= entry.tax_amount <= entry.amount:
            yield _("仕訳「%(key)s」の金額 %(amount)s・消費税 %(tax)s が正しくありません") % {
                "key": entry.key,
                "amount": entry.amount,
                "tax": entry.tax_amount,
            }


def _disagreements(figures: DayFigures, entries: tuple[JournalEntry, ...], left_out: tuple[LeftOut, ...]) -> str:
    # The mapping may have changed since: whether the posting was net of tax is seen in itself.
    taxes = [*((family_of(entry), entry.tax_amount) for entry in entries), *((family_of(line), line.tax) for line in left_out)]
    carries_tax = any(tax for family, tax in taxes if family in SALES_FAMILIES)
    return mismatch_words.in_words(disagreements(figures, entries, left_out=left_out, carries_tax=carries_tax))
