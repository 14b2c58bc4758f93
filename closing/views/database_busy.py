"""A database that does not answer in the middle of a close: what was typed comes back, and nothing is done by half."""

from django.contrib import messages
from django.utils.translation import gettext as _


def safe_to_repeat(view):
    """Mark a view whose POST may be sent again when nobody knows whether it was committed: the second one finds the first."""
    view.is_safe_to_repeat = True
    return view


def tell_busy(request):
    messages.error(
        request,
        _(
            "ただいま混み合っているため、登録できませんでした。入力した内容は残っています。少し待ってから、もう一度「確定」を押してください。"
        ),
    )
