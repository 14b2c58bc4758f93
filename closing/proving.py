"""Proves the books from the slips up: each slip in itself, the day's counters, and every closing against what it says it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from closing import frozen_json, mismatch_words
from closing.categories import SlipKind, TaxCategory
from closing.figures import DayFigures, proof
from closing.models import BusinessDay, CashMovement, Closing, MovementCancellation, Slip, SlipTax
from closing.models.totals import add_up
from closing.proving_slips import flaws_of_slips
from stores.models import Store

SALES = [category for category in TaxCategory if category.is_sales]
# Not the reason's name, which may change.
MOVEMENT_COMPARED = (
    "register", "direction", "reason", "amount", "reduced_amount", "payee", "receipt_date", "registration_no", "memo", "explains",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flaw:
    """What does not add up, in words, and where. `revision` is None where no closing is to blame, but the day or a slip."""

    store: Store
    date: date
    revision: int | None
    what: str


def flaws_of_day(day: BusinessDay) -> Iterator[Flaw]:
    """Yield what of the day's slips, counters and closings does not add up; nothing is the proof.

    Reads every slip, some at a time; what a closing saw is added up by the database.
    """
    for what in chain(flaws_of_slips(day), _flaws_of_counters(day)):
        yield Flaw(day.store, day.date, None, what)
    for closing in day.closings.prefetch_related("lines__method", "registers__register").order_by("revision"):
        closing.day = day
        for what in _flaws_of_closing(closing):
            yield Flaw(day.store, day.date, closing.revision, what)


def flaws_of_red_slips(days: QuerySet[BusinessDay]) -> Iterator[Flaw]:
    """Yield each slip of the days of which more was taken back than it came to, or that is marked so wrongly.

    What somebody has accepted is no flaw.
    """
    originals = Slip.objects.filter(kind=SlipKind.REVERSAL, original__isnull=False).order_by().values("original")
    reckoned = Slip.objects.filter(Q(pk__in=originals) | Q(excess__gt=0), day__in=days).reckoning_excess()
    is_open = Exists(Slip.objects.in_excess().filter(pk=OuterRef("pk")))
    wrong = reckoned.filter(is_open | ~Q(reckoned_excess=F("excess")))
    for slip in wrong.select_related("day__store").order_by("day__date", "pk"):
        yield Flaw(slip.day.store, slip.day.date, None, _flaw_of_excess(slip))


def _flaw_of_excess(slip: Slip) -> str:
    said = {"number": slip, "total": f"{slip.total:,}", "excess": f"{slip.reckoned_excess:,}", "marked": f"{slip.excess:,}"}
    if slip.excess == slip.reckoned_excess:
        return _("伝票%(number)s は %(total)s円ですが、それを %(excess)s円超えて取り消されています") % said
    return _("伝票%(number)s の取消の超過が一致しません（記録 %(marked)s円、計算 %(excess)s円）") % said


def _flaws_of_counters(day: BusinessDay) -> Iterator[str]:
    slips = Slip.objects.filter(day=day).aggregate(rows=Count("pk"), entries=Count("entry", distinct=True), last=Max("entry"))
    others = [
        *CashMovement.objects.filter(day=day).order_by().values_list("entry", flat=True),
        *MovementCancellation.objects.filter(movement__day=day).order_by().values_list("entry", flat=True),
    ]
    sold = SlipTax.objects.filter(slip__day=day, category__in=SALES).aggregate(sum=Sum("amount"))["sum"] or 0
    closings = list(day.closings.order_by("revision").values_list("revision", "entries"))
    yield from _unequal(_("営業日の伝票数"), day.slip_count, slips["rows"])
    yield from _unequal(_("営業日の売上"), day.sales_total, int(sold))
    yield from _unequal(_("営業日の回数"), list(range(1, day.revision + 1)), [revision for revision, _entries in closings])
    yield from _unequal(_("最後の閉局までの入力数"), day.closed_entries, closings[-1][1] if closings else 0)
    if max(slips["last"] or 0, *others, 0) > day.entries:
        yield _("入力順の番号が、営業日の入力数を超えています")
    is_shared = Slip.objects.filter(day=day, entry__in=others).exists()
    if is_shared or slips["rows"] != slips["entries"] or len(others) != len(set(others)):
        yield _("同じ入力順の番号が二度使われています")


def _flaws_of_closing(closing: Closing) -> Iterator[str]:
    try:
        figures, totals = closing.figures, add_up(closing.day, up_to=closing.entries)
    except (AttributeError, KeyError, TypeError, ValueError):
        yield _("日計または伝票に、読み取れない値があります")
        return
    yield from _unequal(_("伝票数"), closing.slip_count, totals.slip_count)
    if closing.slip_digest != totals.slip_digest:
        yield _("閉局したときの伝票と、いまの伝票が違います")
    for subject, part in _COMPARED.items():
        yield from _unequal(subject, part(figures), part(totals.figures))
    yield from _unequal(_("税区分別の合計"), _by_category(figures), _taxes_of(closing))
    yield from _flaws_of_frozen_rows(closing, figures)
    if failed := proof(figures):
        yield _("日計の中で合計が一致しません（%(where)s）") % {"where": mismatch_words.in_words(failed)}


def _flaws_of_frozen_rows(closing: Closing, figures: DayFigures) -> Iterator[str]:
    """The columns, lines and registers beside the frozen figures say the same as they do."""
    lines = {(line.method.code, line.category, line.nature): (line.amount, line.tax) for line in closing.lines.all()}
    rows = closing.registers.all()
    registers = {row.register.number: (row.opening_float, row.expected_cash, row.actual_cash, row.carry_over) for row in rows}
    frozen = {row.register: (row.opening_float, row.expected_cash, row.actual_cash, row.carry_over) for row in figures.registers}
    yield from _unequal(_("総売上"), closing.sales_total, figures.gross_sales)
    yield from _unequal(_("想定レジ金額"), closing.expected_cash, figures.expected_cash)
    yield from _unequal(_("実際のレジ内現金"), closing.actual_cash, figures.actual_cash)
    yield from _unequal(_("日計の明細"), lines, _lines(figures))
    yield from _unequal(_("日計のレジ別現金"), registers, frozen)
    yield from _unequal(
        _("レジ別現金の営業日"), {row.register.number: row.date for row in rows}, dict.fromkeys(registers, closing.day.date)
    )


def _unequal(subject: str, written: object, reckoned: object) -> Iterator[str]:
    if written == reckoned:
        return
    if isinstance(written, dict) and isinstance(reckoned, dict):
        differing = [key for key in {**written, **reckoned} if written.get(key) != reckoned.get(key)]
        written, reckoned = ({key: side.get(key) for key in differing} for side in (written, reckoned))
    yield _("%(subject)sが一致しません（記録 %(written)s、計算 %(reckoned)s）") % {
        "subject": subject,
        "written": _in_words(written),
        "reckoned": _in_words(reckoned),
    }


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_in_words(key)}: {_in_words(part)}" for key, part in value.items())
    if isinstance(value, tuple | list):
        return " ".join(map(_in_words, value))
    return f"{value:,}" if isinstance(value, int) else str(value or "–")


def _lines(figures: DayFigures) -> dict:
    return {(line.method, line.category, line.nature): (line.amount, line.tax) for line in figures.lines}


def _by_category(figures: DayFigures) -> dict:
    totals = (*figures.by_category, *figures.non_sales)
    return {total.category: (total.amount, total.tax) for total in totals if total.amount or total.tax}


def _taxes_of(closing: Closing) -> dict:
    rows = (
        SlipTax.objects.filter(slip__day=closing.day_id, slip__entry__lte=closing.entries)
        .order_by()
        .values_list("category")
        .annotate(Sum("amount"), Sum("tax"))
    )
    return {category: (int(amount), int(tax)) for category, amount, tax in rows if amount or tax}


def _movements(figures: DayFigures) -> dict:
    return {line.movement: [getattr(line, name) for name in MOVEMENT_COMPARED] for line in figures.movements}


def _drawers(figures: DayFigures) -> dict:
    """What slips and movements did to the cash. Floats and counts may be typed anew for the next revision."""
    return {
        cash.register: (cash.cash_sales, cash.cash_refunds, cash.voucher_change, cash.paid_in, cash.paid_out)
        for cash in figures.registers
        if cash.cash_sales or cash.cash_refunds or cash.voucher_change or cash.paid_in or cash.paid_out
    }


# Names of methods and reasons may change after a close; codes and amounts may not.
_COMPARED: dict[str, Callable[[DayFigures], object]] = {
    _("伝票の件数と値引"): lambda figures: frozen_json.to_json(figures.slips),
    _("支払方法と税区分の内訳"): _lines,
    _("支払方法別の件数と金額"): lambda figures: {total.method: (total.count, total.amount) for total in figures.methods},
    _("金券等差額"): lambda figures: {overage.method: overage.amount for overage in figures.overages},
    _("入出金"): _movements,
    _("レジ別の現金の動き"): _drawers,
}
