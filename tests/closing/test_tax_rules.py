from datetime import date

import pytest
from django.utils import timezone

from closing.categories import TaxCategory
from closing.models import RoundingChoice, SlipTax
from closing.slip_content import TaxPart
from closing.tax import Rounding
from closing.tax_rounding import choose_rounding, rounding_of
from stores.audit import Origin
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.conftest import book, sale

PAGE = "/settings/tax/"
DAY, NEXT_DAY = date(2026, 4, 1), date(2026, 4, 2)


@pytest.fixture
def by(admin):
    return Origin(admin, timezone.now(), "127.0.0.1")


def text_of(response):
    return response.content.decode()


def test_a_company_that_chose_nothing_rounds_down(company):
    assert rounding_of(company.pk, on=DAY) == Rounding.ROUND_DOWN


def test_a_rounding_applies_from_its_day_on_and_to_its_company_alone(company, rival_company, by):
    choose_rounding(company, Rounding.ROUND_UP, applies_from=NEXT_DAY, by=by)

    assert [rounding_of(company.pk, on=day) for day in (DAY, NEXT_DAY)] == [Rounding.ROUND_DOWN, Rounding.ROUND_UP]
    assert rounding_of(rival_company.pk, on=NEXT_DAY) == Rounding.ROUND_DOWN


def test_choosing_again_for_the_same_day_takes_the_place_of_the_first_choice(company, by):
    for rounding in (Rounding.ROUND_UP, Rounding.HALF_UP):
        choose_rounding(company, rounding, applies_from=DAY, by=by)

    assert list(RoundingChoice.objects.values_list("rounding", flat=True)) == [Rounding.HALF_UP]


def test_a_slip_is_judged_by_the_rounding_of_its_business_date(company, shibuya, register, methods, by):
    """The tax in 1,000 yen is 90.9: 89 is one yen off for who rounds down, and two for who rounds up."""
    choose_rounding(company, Rounding.ROUND_UP, applies_from=NEXT_DAY, by=by)
    slips = [sale("1", 1000, business_date=day, taxes=(TaxPart(TaxCategory.STANDARD_10, 1000, 89),)) for day in (DAY, NEXT_DAY)]

    book(shibuya, *slips, by=by, today=NEXT_DAY)

    assert list(SlipTax.objects.order_by("slip__business_date").values_list("tax_disagreement", flat=True)) == [1, 2]


def test_an_administrator_chooses_on_the_page_and_the_choice_is_written_down(client, company, admin):
    sign_in(client, admin)

    client.post(PAGE, {"rounding": "HALF_UP", "applies_from": "2026-04-01"})

    entry = AuditEntry.objects.get(action="ROUNDING_CHOSEN")
    assert (rounding_of(company.pk, on=DAY), entry.subject) == (Rounding.HALF_UP, "2026-04-01")
    assert entry.changes == {"端数処理": ["切捨て", "四捨五入"]}


def test_the_page_shows_what_is_in_force_and_what_the_law_says(client, admin):
    page = text_of(sign_in(client, admin).get(PAGE))

    assert [words in page for words in ("今日の営業日は「切捨て」です。", "10%対象", "新しい販売には使えません")] == [True] * 3


@pytest.mark.parametrize(
    "typed",
    [{"rounding": "HALF_UP"}, {"rounding": "HALF_UP", "applies_from": "2019-09-30"}, {"rounding": "X", "applies_from": "2026-04-01"}],
)
def test_what_cannot_be_is_refused_at_its_field(client, admin, typed):
    response = sign_in(client, admin).post(PAGE, typed)

    assert (response.status_code, bool(response.context["form"].errors), RoundingChoice.objects.count()) == (200, True, 0)


def test_who_keeps_the_books_reads_and_an_administrator_changes(client, company, accountant, clerk):
    sign_in(client, accountant)

    page = client.get(PAGE)
    response = client.post(PAGE, {"rounding": "HALF_UP", "applies_from": "2026-04-01"})

    assert ("変更できるのは企業管理者です" in text_of(page), response.status_code, RoundingChoice.objects.count()) == (True, 403, 0)
    assert sign_in(client, clerk).get(PAGE).status_code == 403


def test_another_company_s_choice_is_not_shown(client, company, by, rival_admin):
    choose_rounding(company, Rounding.ROUND_UP, applies_from=DAY, by=by)

    assert "変更したことはありません" in text_of(sign_in(client, rival_admin).get(PAGE))
