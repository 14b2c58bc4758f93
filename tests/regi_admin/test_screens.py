from regi_admin.views import change_language, top
from tests.screens.addresses import kind_of, methods_of, pages


def test_every_page_of_the_table_of_addresses_is_known():
    known = set(pages())

    assert {"top", "closing:day", "stores:sign_in", "yayoi_link:delivery"} <= known
    assert known & {"set_language", "stores:sign_out", "closing:lock_month", "healthz"} == set()


def test_a_view_tells_which_requests_it_takes():
    assert (list(methods_of(top)), list(methods_of(change_language))) == (["GET"], ["POST"])


def test_links_to_elsewhere_are_no_pages():
    links = ["/days/calendar/?month=2026-04", "https://elsewhere.example/days/", "#main", "/nothing/", "/admin/"]

    assert [kind_of(link) for link in links] == ["closing:calendar", None, None, None, None]
