"""What a hint at a cash difference says: it suggests, it does not know, and it blames nobody."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.categories import MovementDirection
from closing.difference_hints import NOTES, Cause, Hint
from closing.templatetags.figures import jdate, yen

register = template.Library()

# Of a hint that sounds the same for 不足 and 過剰, or knows only one of them.
SENTENCES = {
    Cause.FLOAT_NOT_COUNTED: gettext_lazy("釣銭準備金（%(amount)s）と同じ金額です。釣銭準備金も一緒に数えたか、確かめてください。"),
    Cause.DIGITS_SWAPPED: gettext_lazy("となり合う2つの数字を入れ替えると、想定レジ金額と同じになります。打ち間違いかもしれません。"),
    Cause.ZERO_OFF: gettext_lazy("想定レジ金額と、0が1つ違うだけです。打ち間違いかもしれません。"),
    Cause.PIECES_SWAPPED: gettext_lazy("%(first)sと%(second)sの枚数を入れ替えると、差異がなくなります。欄が逆かもしれません。"),
    Cause.FLOAT_CHANGED: gettext_lazy(
        "釣銭準備金と繰越の差（%(amount)s）と同じ金額です。開局のときの釣銭準備金が違っているかもしれません。"
    ),
    Cause.NINE: gettext_lazy("金額の2つの数字を入れ替えて打ったか、0の数が違うときに出る差です。手で入力した金額を確かめてください。"),
}
SLIP_SENTENCES = {
    Cause.CASH_SALE: gettext_lazy("（現金 %(amount)s）と同じ金額です。二重の登録、取消のし忘れ、現金以外での受け取りかもしれません。"),
    Cause.OTHER_SALE: gettext_lazy("（現金以外 %(amount)s）と同じ金額です。現金で受け取ったのかもしれません。"),
    Cause.CASH_REFUND: gettext_lazy("（現金の返金 %(amount)s）と同じ金額です。返金がまだかもしれません。"),
    Cause.OTHER_REFUND: gettext_lazy("（現金以外の返金 %(amount)s）と同じ金額です。現金で返金したのかもしれません。"),
}
# (without a cause, 不足, 過剰)
PIECES_SENTENCES = {
    True: gettext_lazy("%(pieces)sの金額です。数えもれか、釣銭の渡しすぎかもしれません。"),
    False: gettext_lazy("%(pieces)sの金額です。2回数えたか、釣銭の渡し不足かもしれません。"),
}
ROLL_SENTENCES = {
    True: gettext_lazy("%(coin)s硬貨の棒金1本（50枚）の金額です。数えもれかもしれません。"),
    False: gettext_lazy("%(coin)s硬貨の棒金1本（50枚）の金額です。2回数えたのかもしれません。"),
}
# By whether money was put in.
TODAY_SENTENCES = {
    True: gettext_lazy("この日の入金「%(movement)s」と同じ金額です。二重の登録か、まだレジに入れていないのかもしれません。"),
    False: gettext_lazy("この日の出金「%(movement)s」と同じ金額です。二重の登録か、まだ支払っていないのかもしれません。"),
}
BEFORE_SENTENCES = {
    True: gettext_lazy("%(day)sの入金「%(movement)s」と同じ金額です。この日の分が未登録かもしれません。"),
    False: gettext_lazy("%(day)sの出金「%(movement)s」と同じ金額です。この日の分が未登録かもしれません。"),
}
DIRECTION_SENTENCES = {
    True: gettext_lazy("この日の入金「%(movement)s」（%(half)s）のちょうど2倍です。出金を入金として登録したのかもしれません。"),
    False: gettext_lazy("この日の出金「%(movement)s」（%(half)s）のちょうど2倍です。入金を出金として登録したのかもしれません。"),
}
MOVEMENT_SENTENCES = {
    Cause.PAID_TODAY: TODAY_SENTENCES,
    Cause.PAID_BEFORE: BEFORE_SENTENCES,
    Cause.WRONG_DIRECTION: DIRECTION_SENTENCES,
}


@register.filter
def hint_words(hint: Hint) -> str:
    """The sentence of a hint; that of a slip follows the slip's number, which is a link."""
    if hint.cause in SLIP_SENTENCES:
        return SLIP_SENTENCES[hint.cause] % {"amount": yen(hint.amount)}
    if hint.movement:
        return movement_words(hint)
    if hint.cause is Cause.PIECES:
        return PIECES_SENTENCES[hint.is_short] % {"pieces": pieces_words(hint)}
    if hint.cause is Cause.ROLL:
        return ROLL_SENTENCES[hint.is_short] % {"coin": yen(hint.denominations[0])}
    first, second = [yen(denomination) for denomination in hint.denominations] or ["", ""]
    return SENTENCES[hint.cause] % {"amount": yen(hint.amount), "first": first, "second": second}


def movement_words(hint):
    is_in = hint.movement.direction is MovementDirection.PAID_IN
    named = {"movement": hint.movement.words, "day": jdate(hint.movement.day), "half": yen(hint.movement.amount)}
    return MOVEMENT_SENTENCES[hint.cause][is_in] % named


def pieces_words(hint):
    denomination = hint.denominations[0]
    named = {"amount": yen(denomination), "pieces": hint.pieces}
    return (_("%(amount)s札%(pieces)s枚分") if denomination in NOTES else _("%(amount)s硬貨%(pieces)s枚分")) % named
