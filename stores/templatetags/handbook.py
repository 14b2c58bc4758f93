from django import template

from stores.handbook import ARTICLES

register = template.Library()


@register.inclusion_tag("stores/handbook/links.html")
def help_link(*slugs):
    """The questions that arise at this place of a page, each opening its answer right here: nothing typed is lost."""
    return {"articles": [ARTICLES[slug] for slug in slugs]}
