"""ヘルプ: every question can be found, is short, and leads to pages that exist."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from stores.access import roles_with
from stores.handbook import ARTICLES, Article, articles_about, articles_by_topic, register_articles
from stores.models import Role
from tests.cast import sign_in

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ALL = pytest.mark.parametrize("article", list(ARTICLES.values()), ids=list(ARTICLES))
PERSON_OF = {Role.COMPANY_ADMIN: "admin", Role.STORE_MANAGER: "manager", Role.CLERK: "clerk", Role.ACCOUNTANT: "accountant"}


@ALL
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_question_is_found_by_its_own_words(article, language):
    with override(language):
        found = articles_about(str(article.question))

    assert article in found[:3]


@ALL
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_answer_has_at_most_ten_sentences(article, language):
    with override(language):
        text = "".join(f"{part} " for part in article.answer + article.steps)

    assert 1 <= len(re.findall(r"。|\. ", text)) <= 10


@ALL
def test_a_question_leads_to_pages_that_exist_and_to_questions_that_exist(article, client, request, shibuya, register):
    for lead in article.leads:
        reader = request.getfixturevalue(PERSON_OF[roles_with(lead.ability)[0]])
        assert sign_in(client, reader).get(reverse(lead.view)).status_code == 200

    assert set(article.see) <= set(ARTICLES)


def test_every_question_that_a_page_names_exists():
    named = {
        slug
        for path in TEMPLATES.rglob("*.html")
        for tag in re.findall(r"{% help_link (.*?) %}", path.read_text(encoding="utf-8"))
        for slug in re.findall(r'"([\w-]+)"', tag)
    }

    assert named - set(ARTICLES) == set()


def test_an_address_stands_for_one_question():
    article = next(iter(ARTICLES.values()))

    with pytest.raises(ValueError, match=article.slug):
        register_articles(Article(article.slug, article.topic, article.question, article.answer))


def test_without_words_every_question_is_listed_under_its_topic(client, clerk):
    page = sign_in(client, clerk).get("/help/").content.decode()

    assert [slug for slug in ARTICLES if f'href="/help/{slug}/"' not in page] == []
    assert [str(topic.label) for topic, _articles in articles_by_topic() if f"<h2>{topic.label}</h2>" not in page] == []


def test_what_is_typed_is_marked_and_never_markup(client, clerk):
    page = sign_in(client, clerk).get("/help/", {"q": "結果不明"}).content.decode()
    hostile = sign_in(client, clerk).get("/help/", {"q": "<script>給与</script>"}).content.decode()

    assert "<mark>結果不明</mark>" in page
    assert ["&lt;script&gt;給与" in hostile, "<script>給与" in hostile] == [True, False]


def test_while_somebody_types_only_the_list_is_sent(client, clerk):
    fragment = sign_in(client, clerk).get("/help/", {"q": "現金が合わない"}, headers={"HX-Request": "true"}).content.decode()

    assert ["<html" in fragment, "/help/cash-differs/" in fragment] == [False, True]


def test_a_reader_is_led_only_to_pages_that_open_and_told_who_opens_the_others(client, clerk):
    page = sign_in(client, clerk).get("/help/accounts-missing/").content.decode()

    assert ['href="/settings/accounts/"' in page, "「仕訳設定を開く」" in page, 'href="/deliveries/"' in page] == [False, True, True]


def test_at_the_till_help_opens_and_leads_to_pages_of_the_till_only(client, clerk, shibuya):
    session = sign_in(client, clerk).session
    session["till_store"] = shibuya.pk
    session.save()

    page = client.get("/help/send-again/").content.decode()

    assert ['href="/register/"' in page, 'href="/deliveries/"' in page, "管理画面にログインすると開けます" in page] == [True, False, True]


def test_a_question_that_nobody_asked_is_not_there(client, clerk):
    assert sign_in(client, clerk).get("/help/no-such-question/").status_code == 404


def test_the_header_leads_to_help_for_everyone(client, clerk, accountant):
    pages = [sign_in(client, person).get("/settings/").content.decode() for person in (clerk, accountant)]

    assert ['href="/help/"' in page for page in pages] == [True, True]
