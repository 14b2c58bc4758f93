"""A database that does not answer in the middle of a close: what was typed comes back, and nothing is done by half."""

import logging

from django.contrib import messages
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def safe_to_repeat(view):
    """Mark a view whose POST may be sent again when nobody knows whether it was committed: the second one finds the first."""
    view.is_safe_to_repeat = True
    return view


def tell_busy(request, failure):
    logger.error("Nothing was registered at %s, the database does not answer: %s", request.path, type(failure).__name__)
    messages.error(
        request,
        _(
            "ただいま混み合っているため、登録できませんでした。入力した内容は残っています。少し待ってから、もう一度「確定」を押してください。"
        ),
    )
