from django import template
from django.utils import timezone

from yayoi_link.check_words import problem_of, steps_of, warning_of

register = template.Library()


@register.inclusion_tag("yayoi_link/link_check_found.html")
def check_found(check):
    """What a 接続先の確認 found."""
    return {"check": check, "steps": steps_of(check), "problem": problem_of(check), "warning": warning_of(check, now=timezone.now())}
