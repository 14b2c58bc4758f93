"""What a register hears of its day: the close and the figures, with what became of the posting."""

from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from closing.api.calls import PROBLEMS, origin_of_register, person_named
from closing.api.days import RegisterState, locked
from closing.api.json_items import Code, Day, YenFromZero
from closing.api.problems import ProblemOut, Refused
from closing.cash import counted_total
from closing.models import BusinessDay, RegisterDay
from closing.models.totals import day_figures
from closing.month_locks import MonthLocked
from closing.register_settlement import RegisterCount
from closing.reported_settlement import NotOpened, OtherFigures, ReasonRequired, difference_of, report_count
from yayoi_link.models import Delivery

router = Router(tags=["days"])

Denomination = Literal["10000", "5000", "2000", "1000", "500", "100", "50", "10", "5", "1"]
Pieces = Annotated[int, Field(strict=True, ge=0, le=99_999)]
DayState = Literal["open", "closed"]


class Count(Schema):
    """`counts` are pieces per denomination, null for 直接入力."""

    actual_cash: YenFromZero
    counts: dict[Denomination, Pieces] | None = None
    carry_over: YenFromZero
    reason: Annotated[str, Field(strict=True, max_length=200)] = ""
    staff_code: Code


class Settled(Schema):
    """`counted` while the day waits for other registers. `delivery` is the state of the posting, null before the close."""

    state: Literal["counted", "closed"]
    revision: int
    cash_difference: int
    delivery: str | None


class CategoryOut(Schema):
    category: str
    amount: int
    tax: int


class MethodTotalOut(Schema):
    method: str
    count: int
    amount: int


class RegisterDayOut(Schema):
    number: int
    state: RegisterState
    opening_float: int
    expected_cash: int
    actual_cash: int | None
    cash_difference: int | None
    carry_over: int | None


class DayOut(Schema):
    date: str
    state: DayState
    revision: int
    changed_after_close: bool
    slip_count: int
    gross_sales: int
    sales_tax: int
    categories: list[CategoryOut]
    methods: list[MethodTotalOut]
    paid_in: int
    paid_out: int
    registers: list[RegisterDayOut]
    delivery: str | None


@router.post("/days/{date}/close", response={200: Settled, 409: ProblemOut} | PROBLEMS, operation_id="close_day", summary="レジ精算・閉局")
def close_day(request, date: Day, count: Count):
    """Report this register's count; the last register's count closes the store's day. A repeat gives the same answer."""
    by = origin_of_register(request, person_named(request.auth, count.staff_code))
    try:
        return settled_answer(report_count(request.auth, date, read_count(request.auth, count), by=by))
    except NotOpened as refusal:
        raise not_opened() from refusal
    except MonthLocked as refusal:
        raise Refused(409, locked(refusal)) from refusal
    except OtherFigures as refusal:
        raise Refused(409, counted_before(refusal.settled)) from refusal
    except ReasonRequired as refusal:
        detail = _("現金差異が%(difference)s円で、許容額を超えています。理由（reason）を付けて送ってください。")
        raise Refused(422, detail % {"difference": f"{refusal.difference:+,}"}) from refusal


@router.get("/days/{date}", response={200: DayOut} | PROBLEMS, operation_id="get_day", summary="日計と連携状態")
def get_day(request, date: Day):
    """Return the figures of the store's day so far, and what became of its posting."""
    day = BusinessDay.objects.filter(store=request.auth.store_id, date=date).first()
    if day is None:
        raise not_opened()
    return figures_answer(day)


def not_opened():
    return Refused(404, _("この営業日は開局していません。"))


def read_count(register, count):
    """Return the count, refused where its parts contradict each other."""
    pieces = {int(value): number for value, number in (count.counts or {}).items()}
    if count.counts and counted_total(pieces) != count.actual_cash:
        raise Refused(422, _("金種別枚数（counts）の合計が、実際のレジ内現金（actual_cash）と一致しません。"))
    if count.carry_over > count.actual_cash:
        raise Refused(422, _("翌日釣銭準備金（carry_over）は、実際のレジ内現金（actual_cash）を超えられません。"))
    return RegisterCount(register.number, count.actual_cash, count.carry_over, reason=count.reason, pieces=pieces)


def counted_before(settled):
    detail = _(
        "このレジは%(at)sに%(person)sさんが精算済みで、金額が異なります（登録済み: %(yen)s円）。やり直すときは管理画面で行ってください。"
    )
    at = timezone.localtime(settled.counted_at)
    return detail % {
        "at": f"{at:%Y/%m/%d %H:%M}",
        "person": settled.counted_by.name if settled.counted_by else "－",
        "yen": f"{settled.actual_cash:,}",
    }


def settled_answer(settled):
    day = BusinessDay.objects.get(pk=settled.day_id)
    return {
        "state": "counted" if day.is_open else "closed",
        "revision": day.revision,
        "cash_difference": difference_of(settled),
        "delivery": state_of_delivery(day),
    }


def state_of_delivery(day):
    return Delivery.objects.current().filter(day=day).values_list("state", flat=True).first()


def figures_answer(day):
    figures = day_figures(day)
    states = dict(RegisterDay.objects.filter(day=day).values_list("register__number", "state"))
    return {
        "date": day.date.isoformat(),
        "state": day.state.lower(),
        "revision": day.revision,
        "changed_after_close": day.changed_after_close,
        "slip_count": day.slip_count,
        "gross_sales": figures.gross_sales,
        "sales_tax": figures.sales_tax,
        "categories": [{"category": total.category.value, "amount": total.amount, "tax": total.tax} for total in figures.by_category],
        "methods": [{"method": total.method, "count": total.count, "amount": total.amount} for total in figures.methods],
        "paid_in": figures.paid_in,
        "paid_out": figures.paid_out,
        "registers": [register_answer(cash, states[cash.register].lower()) for cash in figures.registers],
        "delivery": state_of_delivery(day),
    }


def register_answer(cash, state):
    return {
        "number": cash.register,
        "state": state,
        "opening_float": cash.opening_float,
        "expected_cash": cash.expected_cash,
        "actual_cash": cash.actual_cash,
        "cash_difference": None if cash.actual_cash is None else cash.actual_cash - cash.expected_cash,
        "carry_over": cash.carry_over,
    }
