from django.contrib import messages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from closing.templatetags.figures import yen


def tell_who_closed(request, closing):
    """Say who was first, when, and with which amount, so that two people do not both believe that theirs counts."""
    if closing.actual_cash is None:
        said = _("この営業日は、%(staff)sさんが%(time)sに閉局しました。いま入力した内容は登録していません。")
    else:
        said = _(
            "この営業日は、%(staff)sさんが%(time)sに閉局しました。"
            "登録された実際のレジ内現金は%(amount)sです。いま入力した内容は登録していません。"
        )
    closed_at = date_format(timezone.localtime(closing.closed_at), "DATETIME_FORMAT")
    messages.warning(request, said % {"staff": closing.closed_by.name, "time": closed_at, "amount": yen(closing.actual_cash)})
