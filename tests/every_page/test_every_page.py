"""Every kind of page, as the people of the demo meet it: usable by everybody, in both languages, in the dark and on a phone."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.db.models import Min
from django.urls import reverse
from django.utils import translation

from closing.models import BusinessDay
from stores.models import Staff
from tests.browser import watched_page
from tests.every_page.inspection import Album, Inspection, wrong_at_a_desk, wrong_in_the_dark, wrong_on_a_phone
from tests.every_page.words import words_that_stay
from tests.journeys.portal_pages import sign_in
from tests.journeys.till_pages import choose_day, enter_operator
from tests.screens.addresses import pages
from yayoi_link.models import Delivery

# What a page looks like does not depend on the database: the two runs of the tests share the languages.
pytestmark = pytest.mark.on_both_databases
LANGUAGES = {"sqlite": "ja", "postgresql": "en"}
COMPANY, STORE = "1000", "0001"
EARLIER_DAY = ["result", "differences", "recount", "pickup_sheet_at_till"]
NO_PAGES = {
    "closing:analysis_cash_csv",
    "closing:analysis_cash_trend_csv",
    "closing:slip_upload_lines",
    "closing:slip_upload_lines_csv",
    "stores:job_file",
    "stores:job_progress",
    "top_differences",
    "top_mornings",
    "top_sales",
    "yayoi_link:download_period",
    "yayoi_link:outcome",
    "yayoi_link:rows_doubled",
}
# There only after somebody has done something; the stories that do it end there, or bin/screens shows it.
LATER = {
    "closing:correct",
    "closing:explain_difference",
    "closing:moved",
    "closing:revisions",
    "closing:slip_upload",
    "stores:job",
    "stores:remove_factor",
    "stores:renew_codes",
    "stores:second_step",
    "stores:sign_in",
    "yayoi_link:bulk",
    "yayoi_link:export_made",
    "yayoi_link:no_content",
    "yayoi_link:reconciled",
    "yayoi_link:resend_after_no",
    "yayoi_link:send_difference",
    "yayoi_link:settle",
}
# Who takes over the till is asked as who begins there, and a paper is the same wherever it is printed.
ONE_PAGE = {"closing:switch_operator", "closing:pickup_sheet_at_till"}


@dataclass(frozen=True, slots=True)
class Visitor:
    code: str
    at_till: bool = False

    @property
    def person(self):
        return Staff.objects.get(company__code=COMPANY, code=self.code)

    def enter(self, page, portal):
        sign_in(page, portal, self.person)
        if self.at_till:
            page.goto(f"{portal.url}{reverse('closing:till')}?store={STORE}")
            enter_operator(page, self.person)
            choose_day(page, days().open().latest("date").date)

    def addresses_without_link(self):
        """What no link surely leads to: a closed day and deliveries in every state, and at the till an earlier day."""
        day = days().closed().latest("date").date
        if self == ADMIN:
            return [*one_delivery_in_each_state(), reverse("closing:day", args=[STORE, day])]
        return [reverse(f"closing:{kind}", args=[day]) for kind in EARLIER_DAY] + [reverse("yayoi_link:close_again", args=[day])]


ADMIN, MANAGER_AT_TILL = Visitor("0001"), Visitor("0101", at_till=True)
# What others see of these pages is less.
VISITORS = [ADMIN, MANAGER_AT_TILL]


@pytest.fixture(scope="package")
def album(portal, chromium):
    """What all of them have seen. Words decide neither the colours nor where the focus shows, but how wide a page gets."""
    language = LANGUAGES[connection.vendor]
    with translation.override(language):
        # What somebody chose for herself goes before what her browser asks for.
        Staff.objects.update(language=language)
        if language == "ja":
            album = Album((wrong_at_a_desk, wrong_in_the_dark, wrong_on_a_phone))
        else:
            album = Album((wrong_on_a_phone,), known_words=words_that_stay())
        for visitor in VISITORS:
            with watched_page(chromium, reduced_motion="reduce") as (page, watch):
                visitor.enter(page, portal)
                Inspection(page, album).follow_every_link(also=visitor.addresses_without_link())
                album.heard += watch.complaints
        return album


def days():
    return BusinessDay.objects.filter(store__company__code=COMPANY, store__code=STORE)


def one_delivery_in_each_state():
    first = Delivery.objects.filter(day__store__company__code=COMPANY).values("state").annotate(first=Min("pk"))
    return [reverse("yayoi_link:delivery", args=[each["first"]]) for each in first]


def test_everybody_can_use_every_page(album):
    assert album.complaints == {}


def test_every_link_leads_to_a_page_that_keeps_its_promises(album):
    assert (album.broken, album.heard) == ({}, [])


def test_no_two_kinds_of_pages_have_one_title(album):
    assert {title: kinds for title, kinds in album.kinds_titled.items() if len(kinds - ONE_PAGE) > 1} == {}


def test_no_kind_of_page_was_left_out(album):
    assert set(pages()) - album.met <= NO_PAGES | LATER
