from datetime import date

from django import template
from django.utils.translation import gettext_lazy as _

from closing.models.labels import DIRECTIONS
from closing.templatetags.figures import jdate

register = template.Library()

# Of an item of the register API, for whoever has to enter it by hand.
LABELS = {
    "number": _("伝票番号"),
    "kind": _("種別"),
    "business_date": _("営業日"),
    "issued_at": _("日時"),
    "occurred_at": _("日時"),
    "direction": _("区分"),
    "reason": _("理由"),
    "amount": _("金額"),
    "reduced_amount": _("うち8%対象（軽減）"),
    "staff_code": _("担当者コード"),
    "payee": _("支払先"),
    "receipt_date": _("領収書日付"),
    "registration_no": _("登録番号"),
    "memo": _("内容"),
    "payments": _("支払"),
}
WORDS = {direction.value: word for direction, word in DIRECTIONS.items()}


@register.filter
def sent_label(name):
    return LABELS.get(name, name)


@register.filter
def sent_word(value):
    return WORDS.get(value, value) if isinstance(value, str) else value


@register.filter
def sent_day(value):
    """A 営業日 as people write it; what is no date as it came."""
    try:
        return jdate(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value
