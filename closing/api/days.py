from typing import Literal

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Router, Schema

from closing.api.calls import PROBLEMS, origin_of_register, person_named
from closing.api.json_items import Code, Day, YenFromZero
from closing.api.problems import ProblemOut, Refused
from closing.month_locks import MonthLocked
from closing.reported_settlement import OtherFigures, report_opening
from closing.tax import FIRST_DAY
from closing.trading_day import FutureDate

router = Router(tags=["days"])

RegisterState = Literal["open", "counted", "unused"]


class Opening(Schema):
    opening_float: YenFromZero
    staff_code: Code


class Opened(Schema):
    """This register's part of the day."""

    state: RegisterState
    opening_float: int


@router.post("/days/{date}/open", response={200: Opened, 409: ProblemOut} | PROBLEMS, operation_id="open_day", summary="開局")
def open_day(request, date: Day, opening: Opening):
    """Open this register's part of the day. A repeat gives the same answer."""
    register = request.auth
    if date < FIRST_DAY:
        raise Refused(422, _("営業日が2019年10月1日より前です。"))
    by = origin_of_register(request, person_named(register, opening.staff_code))
    try:
        settled = report_opening(register, date, opening_float=opening.opening_float, by=by, today=localdate())
    except FutureDate as refusal:
        raise Refused(422, _("未来の営業日は開局できません。")) from refusal
    except MonthLocked as refusal:
        raise Refused(409, locked(refusal)) from refusal
    except OtherFigures as refusal:
        raise Refused(
            409, _("このレジは精算済みのため、釣銭準備金を変えられません（登録済み: %(yen)s円）。") % amount_of(refusal)
        ) from refusal
    return {"state": settled.state.lower(), "opening_float": settled.opening_float}


def amount_of(refusal):
    return {"yen": f"{refusal.settled.opening_float:,}"}


def locked(refusal):
    return _("%(month)sは月次締め済みのため、変更できません。") % {"month": f"{refusal.day:%Y/%m}"}
