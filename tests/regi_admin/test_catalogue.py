import gettext
import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from regi_admin.catalogue import HEADER, messages_in_file, problems

TEMPLATE = """<p>
        {% translate "閉局" %} {{ name|default:_("未登録") }}
    {% translate "閉局" context "ボタン" %}
  {% blocktranslate trimmed count n=rows %}
      {{ n }}件
  {% plural %}
      {{ n }}件すべて
  {% endblocktranslate %}</p>"""


def catalogue_of(message, translation, **fields):
    catalogue = Catalog(locale="en")
    catalogue.add(message, translation, [("stores/views.py", 1)], **fields)
    return catalogue


def problems_with(translation, message="%(count)s件", **fields):
    return list(problems(catalogue_of(message, None), catalogue_of(message, translation, **fields)))


def test_messages_are_taken_from_templates_with_context_and_plural(tmp_path):
    template = tmp_path / "day.html"
    template.write_text(TEMPLATE, encoding="utf-8")

    found = [(message, context) for _, message, _, context in messages_in_file(template, "day.html")]

    assert found == [("閉局", None), ("未登録", None), ("閉局", "ボタン"), (("%(n)s件", "%(n)s件すべて"), None)]


@pytest.mark.parametrize("call", ['_("閉局")', 'gettext_lazy("閉局")', 'gettext_noop("閉局")', 'pgettext_lazy("ボタン", "閉局")'])
def test_messages_are_taken_from_python(tmp_path, call):
    module = tmp_path / "day.py"
    module.write_text(call, encoding="utf-8")

    assert [message for _, message, _, _ in messages_in_file(module, "day.py")] == ["閉局"]


def test_a_translated_message_is_no_problem():
    assert problems_with("%(count)s items") == []


def test_a_message_missing_in_the_catalogue_is_named():
    assert list(problems(catalogue_of("閉局", None), Catalog())) == ["not in the catalogue: 閉局 (stores/views.py)"]


def test_a_message_that_left_the_code_is_named():
    assert list(problems(Catalog(), catalogue_of("閉局", "Close"))) == ["no longer in the code: 閉局"]


def test_an_untranslated_message_is_named():
    assert problems_with("") == ["not translated: %(count)s件"]


def test_a_half_translated_plural_is_named():
    assert problems_with(("%(n)s day", ""), message=("%(n)s日", "%(n)s日間")) == ["not translated: %(n)s日間"]


def test_a_fuzzy_message_is_named():
    assert problems_with("%(count)s items", flags={"fuzzy"}) == ["fuzzy: %(count)s件"]


def test_a_translation_with_other_placeholders_is_named():
    assert problems_with("%(counts)s items") == ["other placeholders: %(count)s件 → %(counts)s items"]


def test_the_compiled_catalogue_knows_the_plural():
    catalogue = read_po(io.BytesIO(f'{HEADER}msgid "日"\nmsgid_plural "日間"\nmsgstr[0] "day"\nmsgstr[1] "days"\n'.encode()))
    compiled = io.BytesIO()

    write_mo(compiled, catalogue)

    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    assert [translations.ngettext("日", "日間", n) for n in (0, 1, 2)] == ["days", "day", "days"]
