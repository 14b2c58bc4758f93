"""朝の確認 for TOP, and the words of what is not right."""

from collections import Counter

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stores.access import Ability, may
from yayoi_link.mornings import ConcernKind, morning_rows
from yayoi_link.state_words import CHIPS

register = template.Library()

WORDS = {
    ConcernKind.UNCLOSED: (_("閉局忘れ"), "bad", "exclamation-triangle"),
    ConcernKind.CHANGED: (_("閉局後に変更あり"), "warn", "pencil-square"),
    ConcernKind.DIFFERENCE: (_("現金差異"), "warn", "scale"),
    ConcernKind.UNSENT: (_("未送信"), "bad", "paper-airplane"),
}


@register.inclusion_tag("yayoi_link/morning_summary.html", takes_context=True)
def morning_summary(context, *, comes_later=False):
    """How many days nobody has looked at, for those who answer for the stores; or its place, until the panel comes on its own."""
    person = context["request"].user
    if not may(person, Ability.BE_TOLD):
        return {}
    if comes_later:
        return {"comes_later": True}
    waiting = [row for row in morning_rows(person, at=timezone.now()) if not row.is_ticked]
    counted = Counter(kind for row in waiting for kind in {concern.kind for concern in row.concerns})
    return {"is_shown": True, "days": len(waiting), "kinds": [(*WORDS[kind], counted[kind]) for kind in ConcernKind if counted[kind]]}


@register.inclusion_tag("yayoi_link/morning_concern.html")
def morning_concern(row, concern):
    """One thing that is not right, with the page where it is put right."""
    word, look, icon = WORDS[concern.kind]
    page = reverse("closing:day", args=[row.store_code, row.date])
    if concern.kind is ConcernKind.UNSENT:
        chip = CHIPS[concern.state]
        word, look, icon = chip.word, chip.look, chip.icon
        page = reverse("yayoi_link:delivery", args=[concern.delivery])
    return {"word": word, "look": look, "icon": icon, "page": page, "amount": concern.amount}
