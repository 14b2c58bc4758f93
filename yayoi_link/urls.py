from django.urls import path, register_converter

from closing.day_in_url import DayInURL
from closing.month_in_url import MonthInURL
from yayoi_link.views import (
    accounts,
    bulk,
    close_again,
    deliveries,
    delivery_calendar,
    exports,
    links,
    monthly_papers,
    mornings,
    no_content,
    reconcile,
    rulings,
)

register_converter(DayInURL, "closed_day")
register_converter(MonthInURL, "month")

app_name = "yayoi_link"
urlpatterns = [
    path("settings/yayoi/", links.edit_links, name="edit_links"),
    path("settings/yayoi/<int:store_pk>/check/", links.check_link, name="check_link"),
    path("settings/yayoi/<int:store_pk>/no-content/", no_content.no_content, name="no_content"),
    path("settings/accounts/", accounts.accounts, name="accounts"),
    path("settings/accounts/reset/", accounts.reset_accounts, name="reset_accounts"),
    path("settings/accounts/versions/<int:pk>/withdraw/", accounts.withdraw_accounts, name="withdraw_accounts"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/calendar/", delivery_calendar.delivery_calendar, name="delivery_calendar"),
    path("deliveries/outcome/<int:day_pk>/", deliveries.outcome, name="outcome"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/<int:pk>/send-now/", rulings.send_now, name="send_now"),
    path("deliveries/<int:pk>/resend/", rulings.resend, name="resend"),
    path("deliveries/<int:pk>/resend-after-no/", rulings.resend_after_no, name="resend_after_no"),
    path("deliveries/<int:pk>/resend-doubled/", rulings.resend_doubled, name="resend_doubled"),
    path("deliveries/<int:pk>/release/", rulings.release, name="release"),
    path("deliveries/<int:pk>/difference/", rulings.send_difference, name="send_difference"),
    path("deliveries/days/<int:day_pk>/rows-to-delete.csv", deliveries.rows_to_delete_file, name="rows_to_delete"),
    path("deliveries/<int:pk>/settle/", rulings.settle, name="settle"),
    path("deliveries/<int:pk>/waive/", rulings.waive, name="waive"),
    path("deliveries/<int:pk>/export/", exports.download_delivery, name="download_delivery"),
    path("deliveries/bulk/<int:pk>/", bulk.bulk, name="bulk"),
    path("deliveries/bulk/<int:pk>/rest/", bulk.begin_rest, name="begin_rest"),
    path("deliveries/bulk/<int:pk>/choose/", bulk.choose_items, name="choose_items"),
    path("deliveries/bulk/<int:pk>/start/", bulk.start_bulk, name="start_bulk"),
    path("deliveries/bulk/<int:pk>/rows-to-delete.csv", bulk.rows_doubled_file, name="rows_doubled"),
    path("deliveries/bulk/<str:act>/", bulk.prepare_bulk, name="prepare_bulk"),
    path("deliveries/bulk/<str:act>/days/", bulk.prepare_bulk_of_days, name="prepare_bulk_of_days"),
    path("deliveries/export/", exports.export, name="export"),
    path("deliveries/export/make/", exports.make_export, name="make_export"),
    path("deliveries/export/made/<int:pk>/", exports.export_made, name="export_made"),
    path("deliveries/export/download/", exports.download_period, name="download_period"),
    path("days/<str:store_code>/<closed_day:date>/export/", exports.download_day, name="download_day"),
    path("days/months/<month:month>/papers/", monthly_papers.papers, name="papers"),
    path("days/months/<month:month>/papers/make/", monthly_papers.make_papers, name="make_papers"),
    path("mornings/", mornings.mornings, name="mornings"),
    path("mornings/tick/", mornings.tick, name="tick_mornings"),
    path("reconcile/", reconcile.reconcile, name="reconcile"),
    path("reconcile/<int:pk>/", reconcile.reconciled, name="reconciled"),
    path("register/<closed_day:date>/close-again/", close_again.close_again, name="close_again"),
]
