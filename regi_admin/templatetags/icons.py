"""The icons of heroicons, each drawn once: a list shows the same few of them a hundred times."""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

for draw in (heroicons.heroicon_micro, heroicons.heroicon_mini, heroicons.heroicon_outline):
    # What a page can ask for is bounded by the templates; an icon with a name of its own for each row would not be.
    register.simple_tag(lru_cache(maxsize=512)(draw), name=draw.__name__)
