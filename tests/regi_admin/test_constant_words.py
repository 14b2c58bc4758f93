from django.template import engines
from django.utils import translation

from regi_admin.templatetags import constant_words


def template(source):
    return engines["django"].from_string(source)


def test_words_are_said_in_the_language_of_each_reader():
    words = template("{% translate '閉局' %}{% translate '店舗' as store %} {{ store }}")

    said = []
    for language in ("ja", "en", "ja"):
        with translation.override(language):
            said.append(words.render())

    assert said == ["閉局 店舗", "Close the day Store", "閉局 店舗"]


def test_the_same_words_are_looked_up_once(monkeypatch):
    words = template("{% translate '閉局' %}")
    with translation.override("ja"):
        words.render()
        monkeypatch.setattr(constant_words.TranslateNode, "render", None)

        assert words.render() == "閉局"


def test_words_that_the_page_brings_along_are_looked_up_each_time():
    words = template("{% translate word %}")

    with translation.override("en"):
        assert [words.render({"word": word}) for word in ("閉局", "店舗")] == ["Close the day", "Store"]


def test_words_in_a_context_or_through_a_filter_are_as_django_says_them():
    assert template("{% translate '閉局' context 'state' %}").render() == "閉局"
    assert template("{% translate 'Regi'|lower %}").render() == "regi"


def test_markup_in_words_and_a_doubled_percent_sign_are_as_django_renders_them():
    source = "{% translate '5%% <b>' %}"

    assert template(source).render() == template("{% load i18n %}" + source).render()
