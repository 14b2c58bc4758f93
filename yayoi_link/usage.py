"""What a company sends to Yayoi, as the operator may see it: how many, never over which link."""

from django.utils.translation import gettext_lazy as _

from stores.usage import counted_as
from yayoi_link.models import Delivery, YayoiLink
from yayoi_link.states import State


@counted_as(_("弥生会計と連携中の店舗"))
def _linked_stores(company, today):
    return YayoiLink.objects.filter(store__company=company, is_enabled=True).count()


@counted_as(_("今月に連携済となった件数"))
def _delivered(company, today):
    delivered = Delivery.objects.filter(day__store__company=company, state=State.DELIVERED)
    return delivered.filter(ended_at__date__gte=today.replace(day=1)).count()


@counted_as(_("人の対応を待っている連携"))
def _waiting_for_people(company, today):
    return Delivery.objects.needing_a_person().filter(day__store__company=company).count()
