from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.categories import ReversalReason, SlipKind, TaxCategory
from closing.models import Slip
from closing.slip_content import OriginalSlip, PaymentPart, TaxPart
from closing.trading_day import RegisterCount, close_day
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")

YESTERDAY = DAY - timedelta(days=1)
EIGHT = (TaxPart(TaxCategory.REDUCED_8, 540, 40),)


def red(number, of, amount=1100):
    parts = {"taxes": (TaxPart(TaxCategory.STANDARD_10, -amount, -amount // 11),), "payments": (PaymentPart("CASH", -amount),)}
    return sale(number, kind=SlipKind.REVERSAL, reason=ReversalReason.RETURN, original=OriginalSlip("0001", 1, DAY, of), **parts)


def listed(client, **chosen):
    return [slip.number for slip in client.get("/slips/", chosen).context["page"].slips]


@pytest.fixture
def four_slips(day, shibuya, second_register, by):
    book(
        shibuya,
        sale("1"),
        sale("2", 540, "VISA", taxes=EIGHT, staff_code="0999"),
        red("3", of="1"),
        sale("4", 3300, business_date=YESTERDAY, register_number=2),
        by=by,
    )


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        ({}, ["3", "2", "1", "4"]),
        ({"since": "2026-04-01"}, ["3", "2", "1"]),
        ({"until": "2026-03-31"}, ["4"]),
        ({"register": "2"}, ["4"]),
        ({"kind": "REVERSAL"}, ["3"]),
        ({"number": "2"}, ["2"]),
        ({"staff_code": "0999"}, ["2"]),
        ({"category": "REDUCED_8"}, ["2"]),
        ({"least": "1,000", "most": "1,200"}, ["3", "1"]),
        ({"least": "2000"}, ["4"]),
        ({"kind": "SALE", "most": "1200", "since": "2026-04-01"}, ["2", "1"]),
        ({"since": "nonsense", "kind": "nonsense", "after": "x"}, ["3", "2", "1", "4"]),
    ],
)
def test_slips_are_found_by_any_combination(client, clerk, four_slips, chosen, numbers):
    assert listed(sign_in(client, clerk), **chosen) == numbers


def test_slips_are_found_by_what_paid_for_what(client, clerk, four_slips, methods):
    visa = next(method.pk for method in methods if method.code == "VISA")
    sign_in(client, clerk)

    assert listed(client, method=visa) == ["2"]
    assert listed(client, method=visa, category="STANDARD_10") == []


def test_pages_lead_to_the_last_slip_and_back(client, clerk, day, shibuya, by):
    book(shibuya, *(sale(f"{number}") for number in range(1, 121)), by=by)
    sign_in(client, clerk)
    first = client.get("/slips/").context["page"]
    second = client.get("/slips/", {"after": first.after}).context["page"]
    third = client.get("/slips/", {"after": second.after}).context["page"]

    assert [len(page.slips) for page in (first, second, third)] == [50, 50, 20]
    assert (first.before, third.after, first.count) == ("", "", 120)
    assert client.get("/slips/", {"before": third.before}).context["page"].slips == second.slips


def test_a_slip_whose_tax_is_two_yen_off_is_marked_and_found(client, clerk, day, shibuya, by):
    taxes = {"1": 100, "2": 101, "3": 98}
    book(shibuya, *(sale(number, taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, tax),)) for number, tax in taxes.items()), by=by)
    sign_in(client, clerk)

    page = client.get("/slips/").context["page"]

    assert {slip.number: slip.is_flagged for slip in page.slips} == {"1": False, "2": False, "3": True}
    assert listed(client, flagged="on") == ["3"]


def test_the_day_says_how_many_slips_are_taxed_otherwise_than_we_would(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), sale("2", taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, 98),)), by=by)

    page = sign_in(client, clerk).get("/days/0001/2026-04-01/").content.decode()

    assert "計算と2円以上違う伝票が1件あります。" in page


def test_a_slip_that_came_after_the_close_is_listed_as_late(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    close_day(day, counts=[RegisterCount(1, 1100, 0)], by=by)
    book(shibuya, sale("2"), by=by)

    assert listed(sign_in(client, clerk), late="on") == ["2"]
    assert "後日入力）が1件" in client.get("/days/0001/2026-04-01/").content.decode()


def test_the_list_needs_the_same_queries_for_one_slip_and_for_three(client, clerk, day, shibuya, by, django_assert_num_queries):
    sign_in(client, clerk)
    book(shibuya, sale("1"), by=by)
    with CaptureQueriesContext(connection) as one:
        assert listed(client) == ["1"]
    book(shibuya, sale("2"), red("3", of="1"), by=by)

    with django_assert_num_queries(len(one)):
        assert listed(client) == ["3", "2", "1"]


def test_a_slip_shows_how_far_its_tax_is_from_ours(client, clerk, day, shibuya, by):
    book(shibuya, sale("1", taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, 98),)), by=by)

    page = sign_in(client, clerk).get(f"/slips/{Slip.objects.get().pk}/").content.decode()

    assert "2円の違い" in page


def test_a_slip_one_yen_off_is_nothing_to_look_at(client, clerk, day, shibuya, by):
    book(shibuya, sale("1", taxes=(TaxPart(TaxCategory.STANDARD_10, 1100, 99),)), by=by)

    assert "円の違い" not in sign_in(client, clerk).get(f"/slips/{Slip.objects.get().pk}/").content.decode()


def test_a_slip_names_the_slips_that_took_it_back(client, clerk, four_slips):
    response = sign_in(client, clerk).get(f"/slips/{Slip.objects.get(number='3').pk}/")

    assert [slip.number for slip in response.context["chain"]] == ["1", "3"]


def test_a_slip_names_the_closings_that_hold_it(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), by=by)
    close_day(day, counts=[RegisterCount(1, 1100, 0)], by=by)
    book(shibuya, sale("2"), by=by)
    sign_in(client, clerk)
    pages = [client.get(f"/slips/{slip.pk}/") for slip in Slip.objects.order_by("number")]

    assert [[closing.revision for closing in page.context["closings"]] for page in pages] == [[1], []]
    assert "まだどの日計にも入っていません" in pages[1].content.decode()


def test_a_slip_leads_to_the_journal_row_that_holds_it(client, clerk, day, shibuya, by):
    book(shibuya, sale("1"), sale("2", 2200), by=by)
    close_day(day, counts=[RegisterCount(1, 3300, 0)], by=by)

    page = sign_in(client, clerk).get(f"/slips/{Slip.objects.get(number='1').pk}/").content.decode()

    assert "現金売上10% 渋谷店 #0001-260401-1" in page
    assert "¥3,300" in page
    assert f'href="/deliveries/{day.deliveries.get().pk}/"' in page


def test_slips_do_not_exist_for_a_rival(client, rival_admin, four_slips):
    sign_in(client, rival_admin)
    pk = Slip.objects.get(number="1").pk

    assert listed(client) == []
    assert [client.get(f"/slips/{pk}/{page}").status_code for page in ("", "reverse/")] == [404, 404]
    assert client.get(f"/slips/{Slip.objects.get(number='3').pk}/correct/").status_code == 404


def test_slips_of_a_store_not_assigned_do_not_exist(client, clerk, kichijoji, four_slips):
    clerk.stores.set([kichijoji])

    assert listed(sign_in(client, clerk)) == []
    assert client.get(f"/slips/{Slip.objects.get(number='1').pk}/").status_code == 404
