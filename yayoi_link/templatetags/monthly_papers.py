"""The way to 税理士向け月次資料, for the pages of a month."""

from django import template

from stores.access import Ability, may

register = template.Library()


@register.inclusion_tag("yayoi_link/papers_link.html", takes_context=True)
def papers_link(context, month, size=""):
    """A button for whoever may take the books away; `size` is a class of the button."""
    return {"month": month, "size": size, "may_export": may(context["request"].user, Ability.EXPORT)}
