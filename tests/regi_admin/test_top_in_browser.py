"""TOP of somebody who answers for many stores, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from closing.templatetags.trading_days import MANY_STORES
from closing.trading_day import open_day
from stores.audit import Origin
from stores.models import Store
from tests.journeys.portal_pages import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_panels_that_come_on_their_own_come_at_once(page, live_server, company, admin):
    Store.objects.bulk_create(Store(company=company, code=f"L{number:03}", name="支店") for number in range(MANY_STORES + 1))
    # Forgotten at any hour: a day of yesterday is not before its 締め時刻.
    before = timezone.localdate() - timedelta(days=2)
    open_day(Store.objects.first(), before, by=Origin(admin, timezone.now(), "127.0.0.1"), today=before)
    sign_in(page, live_server, admin)
    for panel in ("morning", "month-differences", "sales-overview"):
        page.locator(f"section[aria-labelledby={panel}]").wait_for()

    assert page.get_by_text("集計しています").count() == 0
    assert page.get_by_text("まだ確認していないものが1日分あります。").is_visible()
    assert page.get_by_text("今月の現金差異はありません。").is_visible()
