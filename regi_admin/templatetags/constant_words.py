"""`translate` of words that a template gives itself, looked up once per language: a list says the same few of them a hundred times."""

from django import template
from django.template.base import Node
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


@register.tag
def translate(parser, token):
    """As Django's tag, and that tag itself where what it says depends on more than the language."""
    node = do_translate(parser, token)
    return ConstantWords(node) if _says_always_the_same(node) else node


class ConstantWords(Node):
    """What a `translate` says, by language."""

    def __init__(self, node: TranslateNode) -> None:
        self.node, self.name = node, node.asvar
        node.asvar = None
        self.known: dict[str | None, str] = {}

    def render(self, context):
        language = get_language()
        if language not in self.known:
            self.known[language] = self.node.render(context)
        if self.name is None:
            return self.known[language]
        context[self.name] = self.known[language]
        return ""


def _says_always_the_same(node):
    words = node.filter_expression
    return node.message_context is None and not words.filters and words.var.lookups is None
