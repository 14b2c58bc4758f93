from django.test import Client

from stores.models import Staff
from tests.cast import sign_in

ENGLISH, JAPANESE = '<html lang="en"', '<html lang="ja"'


def page(client, path="/"):
    return client.get(path).content.decode()


def test_a_chosen_language_is_spoken_on_every_machine(client, client_elsewhere, clerk):
    sign_in(client, clerk).post("/language/", {"language": "en", "next": "/"})

    assert ENGLISH in page(sign_in(client_elsewhere, clerk))


def test_choosing_leaves_the_browser_to_the_next_person(client, clerk, manager):
    sign_in(client, clerk).post("/language/", {"language": "en", "next": "/"})

    client.logout()

    assert JAPANESE in page(client, "/login/")
    assert JAPANESE in page(sign_in(client, manager))


def test_a_visitor_chooses_for_the_browser(client):
    client.post("/language/", {"language": "en", "next": "/login/"})

    assert ENGLISH in page(client, "/login/")


def test_who_has_not_chosen_is_spoken_to_as_the_browser_asks(clerk):
    browser = sign_in(Client(headers={"accept-language": "en"}), clerk)

    assert ENGLISH in page(browser)


def test_a_choice_beats_the_browser_and_can_be_left_to_it_again(clerk):
    browser = sign_in(Client(headers={"accept-language": "en"}), clerk)

    pages = []
    for language in ("ja", ""):
        browser.post("/language/", {"language": language, "next": "/account/"})
        pages.append(page(browser, "/account/"))

    assert (JAPANESE in pages[0], ENGLISH in pages[1]) == (True, True)


def test_a_language_that_does_not_exist_changes_nothing(client, clerk):
    clerk.choose_language("en")

    answer = sign_in(client, clerk).post("/language/", {"language": "xx", "next": "/account/"})

    assert (answer.url, Staff.objects.get(pk=clerk.pk).language) == ("/account/", "en")


def test_choosing_leads_to_no_other_host(client, clerk):
    answer = sign_in(client, clerk).post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert answer.url == "/"
