from django import template

from stores import access

register = template.Library()


@register.filter
def may(person, ability):
    """{% if user|may:"edit_staff" %}: show only what the person can do."""
    return access.may(person, access.Ability(ability))
