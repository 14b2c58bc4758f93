from django.urls import path, register_converter

from closing.day_in_url import DayInURL
from closing.views import (
    calendar,
    close,
    counting,
    days,
    differences,
    drawers,
    from_afar,
    holidays,
    inspection,
    kept,
    movements,
    slip_corrections,
    slips,
    till,
    till_day,
)

register_converter(DayInURL, "business_day")

app_name = "closing"
urlpatterns = [
    path("register/", till.till, name="till"),
    path("register/operator/", till.switch_operator, name="switch_operator"),
    path("register/<business_day:date>/", till_day.till_day, name="till_day"),
    path("register/<business_day:date>/float/<int:number>/", till_day.set_float, name="set_float"),
    path("register/<business_day:date>/movements/new/", movements.new_movement, name="new_movement"),
    path("register/<business_day:date>/exchange/", drawers.exchange, name="exchange"),
    path("register/<business_day:date>/pickup/", drawers.pick_up, name="pick_up"),
    path("register/<business_day:date>/differences/", differences.differences, name="differences"),
    path("register/<business_day:date>/differences/<int:pk>/", differences.explain, name="explain_difference"),
    path("register/<business_day:date>/close/", close.close, name="close"),
    path("register/<business_day:date>/count/<int:number>/", counting.count, name="count"),
    path("register/<business_day:date>/rest-unused/", counting.rest_unused, name="rest_unused"),
    path("register/<business_day:date>/recount/", counting.recount_day, name="recount"),
    path("register/<business_day:date>/cancel/", from_afar.cancel, name="cancel_opening"),
    path("register/<business_day:date>/inspection/", inspection.inspect, name="inspection"),
    path("register/<business_day:date>/interim/<int:number>/", inspection.count_shift, name="interim"),
    path("register/<business_day:date>/result/", close.result, name="result"),
    path("stores/<int:pk>/holidays/", holidays.holidays, name="holidays"),
    path("stores/holidays/<int:pk>/remove/", holidays.remove, name="remove_holiday"),
    path("days/", days.days, name="days"),
    path("days/calendar/", calendar.calendar, name="calendar"),
    path("days/<str:store_code>/<business_day:date>/", days.day, name="day"),
    path("days/<str:store_code>/<business_day:date>/close/", from_afar.close_provisionally, name="close_provisionally"),
    path("slips/", slips.slips, name="slips"),
    path("slips/new/", slip_corrections.new_slip, name="new_slip"),
    path("slips/kept/", kept.kept_slips, name="kept_slips"),
    path("slips/kept/<int:pk>/", kept.kept_slip, name="kept_slip"),
    path("slips/kept/<int:pk>/book/", kept.book, name="book_kept"),
    path("slips/kept/<int:pk>/discard/", kept.discard, name="discard_kept"),
    path("slips/<int:pk>/", slips.slip, name="slip"),
    path("slips/<int:pk>/reverse/", slip_corrections.take_back, name="take_back"),
    path("slips/<int:pk>/correct/", slip_corrections.correct, name="correct"),
]
