"""閉局忘れ, as people are told of it: three hours after the store's 締め時刻."""

from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from closing.models import BusinessDay
from stores.notices import Cause, NoticeKind, watches_stores

TOLD_AFTER = timedelta(hours=3)

FORGOTTEN = NoticeKind(
    name="forgotten",
    word=_("閉局忘れ"),
    look="warn",
    icon="clock",
    meaning=_("閉局していない営業日があります。閉局するまで、その日の売上は弥生に送られません。"),
    step=_("レジ業務で閉局してください。店舗に行けないときは、日計の画面から「仮閉局」ができます。"),
    page=lambda store_id: f"{reverse('closing:days')}?state=OVERDUE&store={store_id or ''}",
    is_listed_on_top=True,
)


@watches_stores(FORGOTTEN)
def days_not_closed(stores, at):
    """Yield a cause for each store that has forgotten to close."""
    overdue = BusinessDay.objects.overdue(at - TOLD_AFTER).filter(store__in=stores).order_by()
    for store, days, oldest in overdue.values_list("store").annotate(days=Count("pk"), oldest=Min("date")):
        yield Cause(FORGOTTEN, store, days, oldest)
