from django.template import engines
from heroicons.templatetags.heroicons import heroicon_mini

from regi_admin.templatetags import icons


def rendered(source):
    return engines["django"].from_string(source).render()


def test_an_icon_is_as_its_library_draws_it():
    drawn = rendered("{% heroicon_mini 'plus' aria_hidden='true' size=24 %}")

    assert drawn == heroicon_mini("plus", aria_hidden="true", size=24)
    assert drawn != rendered("{% heroicon_mini 'plus' aria_hidden='true' %}")


def test_of_the_same_icons_all_but_the_first_are_not_drawn_again(monkeypatch):
    rendered("{% heroicon_micro 'minus' %}")
    monkeypatch.setattr(icons.heroicons.heroicons, "_render_icon", None)

    assert rendered("{% heroicon_micro 'minus' %}").startswith("<svg")
