"""Names that people type: one that Yayoi cannot hold is refused at its field, not when a closed day is to be sent."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stores.outgoing_names import register_name_check
from yayoi_link.writable import UnwritableText, writable


@register_name_check
def check_writable(name: str) -> None:
    """Raise ValidationError naming the first character that would hold a delivery; what has a listed equivalent may be typed."""
    try:
        writable(name)
    except UnwritableText as refused:
        raise ValidationError(_("「%(character)s」は弥生で使えない文字です。") % {"character": refused.character}) from None
