"""利用状況: what the operator sees of a company."""

from datetime import date

import pytest
from django.utils import timezone

from stores.usage import usage_of
from tests.cast import sign_in
from tests.yayoi_link import fates
from tests.yayoi_link.shop import DAY

pytestmark = pytest.mark.django_db


def use_of(company, today):
    return {str(label): value for label, value in usage_of(company, today=today)}


def test_a_company_s_use_is_counted_by_every_app(unknown, company):
    assert use_of(company, date(2026, 4, 30)) == {
        "利用中の店舗": 2,
        "利用中のレジ": 1,
        "利用中の担当者": 1,
        "今月の営業日（閉局済み）": 1,
        "今月の伝票": 1,
        "最後に閉局した営業日": DAY,
        "弥生会計と連携中の店舗": 1,
        "今月に連携済となった件数": 0,
        "人の対応を待っている連携": 1,
    }


def test_what_arrived_counts_in_the_month_in_which_it_did(delivery, company):
    arrived = timezone.localdate(fates.deliver_it(delivery).ended_at)

    assert use_of(company, arrived)["今月に連携済となった件数"] == 1
    assert use_of(company, arrived)["人の対応を待っている連携"] == 0


def test_nothing_of_another_company_is_counted(unknown, rival_admin):
    use = use_of(rival_admin.company, date(2026, 4, 30))

    assert {label: value for label, value in use.items() if value} == {"利用中の担当者": 1}


def test_the_operator_reads_it_on_the_page_of_the_company_and_no_link(unknown, company, client, operator):
    page = sign_in(client, operator).get(f"/admin/stores/company/{company.pk}/change/")

    assert "人の対応を待っている連携: 1" in page.text
    assert "yayoi.example" not in page.text
