import time

import pytest

from tests.yayoi_link.sandbox.postings import make_posting, make_transaction

CASH = make_transaction(description="現金売上")


@pytest.mark.parametrize("status", [503, 429])
def test_a_refusal_is_recognisable_and_books_nothing(link, status):
    link.answer_with(f"refuse_{status}", retry_after_seconds=90)

    response = link.send(make_posting(CASH))

    assert (response.status_code, response.json(), response.headers["Retry-After"]) == (status, {"received": 0}, "90")
    assert link.owner.transactions() == []


@pytest.mark.parametrize("status", [503, 429])
def test_a_bare_refusal_is_no_json_and_can_go_without_retry_after(link, status):
    link.answer_with(f"bare_{status}", retry_after_seconds="")

    response = link.send(make_posting(CASH))

    assert (response.status_code, response.text) == (status, f"<!doctype html><title>{status}</title><h1>{status}</h1>")
    assert "Retry-After" not in response.headers


STATUSES = [300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 409, 410, 411, 413, 414, 415, 422, 431, 500, 501, 502, 600]


@pytest.mark.parametrize("status", STATUSES)
def test_a_link_answers_with_the_chosen_status_and_books_nothing(link, status):
    link.answer_with(str(status))

    response = link.send(make_posting(CASH))

    assert response.status_code == status
    assert link.owner.transactions() == []


@pytest.mark.parametrize(
    ("manner", "status", "body"),
    [
        ("204", 204, ""),
        ("504", 504, "<!doctype html><title>504</title><h1>504</h1>"),
        ("wrong_number", 200, '{"received": 2}'),
        ("number_as_text", 200, '{"received": "1"}'),
        ("other_json", 200, '{"status": "ok"}'),
        ("truncated", 200, '{"received": '),
        ("huge", 200, '{"received": 1}' + " " * 16 * 1024),
    ],
)
def test_an_odd_answer_hides_that_the_rows_are_booked(link, manner, status, body):
    link.answer_with(manner)

    response = link.send(make_posting(CASH))

    assert (response.status_code, response.text) == (status, body)
    assert link.owner.transactions() == ["現金売上"]


def test_a_login_page_comes_with_200_and_books_nothing(link):
    link.answer_with("login_page")

    response = link.send(make_posting(CASH))

    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert link.owner.transactions() == []


def test_the_404_page_echoes_the_path(link):
    link.answer_with("404")

    assert link.token in link.send(make_posting(CASH)).text


def test_a_redirect_names_another_place_without_the_secret(link):
    link.answer_with("301")

    assert link.send(make_posting(CASH)).headers["Location"] == "/smart-import/moved/"


def test_misbehaviour_ends_after_the_chosen_number_of_postings(link):
    link.answer_with("500", postings_left=2)

    statuses = [link.send(make_posting(CASH)).status_code for _ in range(4)]

    assert statuses == [500, 500, 200, 200]


def test_an_answer_comes_no_earlier_than_told(link):
    link.answer_with("normal", delay_seconds=1)
    begin = time.monotonic()

    response = link.send(make_posting(CASH))

    assert response.json() == {"received": 1}
    assert time.monotonic() - begin >= 1


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"postings_left": "0"}, "この値は 1 以上でなければなりません。"),
        ({"delay_seconds": "601"}, "この値は 600 以下でなければなりません。"),
        ({"manner": "dance"}, "正しく選択してください。 dance は候補にありません。"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_the_field(link, fields, complaint):
    page = link.answer_with(**{"manner": "500"} | fields)

    assert complaint in page.text
    assert link.send(make_posting(CASH)).status_code == 200
