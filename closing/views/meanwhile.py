from django.contrib import messages
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from closing.models import CashMovement, Slip
from closing.templatetags.figures import yen


def tell_what_came_in(request, day, *, seen=None):
    """Say that the figures have moved under a count, and by what where the entries are known that were seen."""
    said = [
        _("入力中に伝票または入出金が登録されました。数えた金額は残っています。想定レジ金額を確かめて、もう一度「確定」を押してください。")
    ]
    messages.warning(request, " ".join(said + (what_came_in(day, int(seen)) if seen and seen.isdecimal() else [])))


def what_came_in(day, seen):
    slips = Slip.objects.filter(day=day, entry__gt=seen).aggregate(count=Count("pk"), sum=Sum("total"))
    movements = CashMovement.objects.filter(day=day, entry__gt=seen).count()
    told = []
    if slips["count"]:
        told.append(_("入力中に登録された伝票：%(count)s件、計%(sum)s。") % {"count": slips["count"], "sum": yen(slips["sum"])})
    if movements:
        told.append(_("入力中に登録された入出金：%(count)s件。") % {"count": movements})
    return told
