from django import template

from stores import access

register = template.Library()


@register.filter
def may(person, ability):
    """{% if user|may:"edit_staff" %}: show only what the person can do."""
    return access.may(person, access.Ability(ability))


@register.filter
def roles_that_may(ability):
    """{{ "edit_links"|roles_that_may }}: the roles by name, for a sentence that says who may."""
    return access.who_may(access.Ability(ability))
