"""Slips in words: what became of them, what is wrong with them, and what of a day came in late."""

from django import template

from closing.categories import SlipKind
from closing.models import Slip
from closing.slip_messages import sentence
from closing.tax import is_flagged
from stores.access import Ability, may

register = template.Library()


@register.inclusion_tag("closing/slips/kind.html")
def slip_kind(slip):
    """The kind, and of a slip whose red slips were read along (`reds`) whether they took it back."""
    reds = getattr(slip, "reds", [])
    taken = -sum(red.total for red in reds)
    return {
        "slip": slip,
        "is_red": slip.kind == SlipKind.REVERSAL,
        "is_black": slip.kind == SlipKind.CORRECTION,
        "is_taken_back": bool(reds) and slip.total <= taken,
        "is_taken_back_in_part": 0 < taken < slip.total,
    }


@register.filter
def disagrees(tax_part):
    """Say whether the receipt's tax is so far from our own that somebody should look."""
    return is_flagged(tax_part.tax_disagreement)


@register.filter
def in_words(problem):
    return sentence(problem)


@register.inclusion_tag("closing/slips/late.html")
def late_slips(day):
    """後日入力 of a day: how many, with the way to them."""
    return {"day": day, "count": Slip.objects.late().filter(day=day).count() if day.revision else 0}


@register.inclusion_tag("closing/slips/to_look_at.html")
def slips_to_look_at(day):
    """取消の超過 and 消費税の違い among the slips of a day: how many, with the way to them."""
    slips = Slip.objects.filter(day=day)
    return {"day": day, "excess": slips.of_excess().count(), "flagged": slips.knowing_flags().filter(is_flagged=True).count()}


@register.inclusion_tag("closing/slips/links.html")
def slip_links(user):
    """How slips are entered at 売上管理."""
    return {"may_enter": may(user, Ability.ENTER_SLIPS), "may_load": may(user, Ability.LOAD_SLIPS)}
