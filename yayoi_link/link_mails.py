"""Every administrator is told when a link is changed: whoever can point it elsewhere can lead the books astray."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from stores.audit import Origin
from stores.mailing import language_of, write_mail
from stores.models import Role, Staff
from stores.portal_address import address_of
from yayoi_link.models import YayoiLink


def tell_of_changed_links(links: Sequence[YayoiLink], *, by: Origin) -> None:
    """Write to the company's administrators, in the transaction of the change. Of the links host and last four characters are named."""
    if not links:
        return
    content = {"links": links, "by": by, "address": address_of(reverse("yayoi_link:edit_links"))}
    administrators = Staff.objects.filter(company=links[0].store.company_id, role=Role.COMPANY_ADMIN, is_active=True)
    for person in administrators.exclude(email="").order_by("pk"):
        with language_of(person):
            subject = _("【レジ管理画面】弥生会計連携の設定が変わりました（%(count)s店舗）") % {"count": len(links)}
            text = render_to_string("yayoi_link/link_changed_mail.txt", content | {"person": person})
            write_mail(person, subject=subject, text=text, at=by.at)
