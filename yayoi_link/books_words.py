"""What a delivery means for the books of Yayoi: a word that can be seen from afar, and a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yayoi_link.models import Delivery
from yayoi_link.presence import Presence, presence
from yayoi_link.state_words import Words, meaning_of
from yayoi_link.states import AT_REST, IN_FLIGHT, HoldReason, State


@dataclass(frozen=True, slots=True)
class InBooks:
    """`look` is one of ok, wait, warn, off, `icon` a name of heroicons, as of a chip. `is_kept`: to be told that the day is not lost."""

    word: Words
    look: str
    icon: str
    sentence: Words
    is_kept: bool


# Of a new content whose day has been posted before, the rows of before are another question; a database that was restored lacks them.
NOT_YET = (_("この内容は、まだ弥生に入っていません"), "warn", "exclamation-triangle")
NOT_THIS = (_("この内容は、弥生に入っていません"), "off", "minus-circle")
WAIVED_AFTER_OTHERS = _("この内容は送らないと決めました。前に送った分は、弥生にあるかもしれません。")
EARLIER_MAY_BE_THERE = _("この内容はまだ弥生に送っていません。前に送った分は、弥生にあるかもしれません。")
JOURNAL_KNOWS_DAY = _("同じ営業日を送った記録が残っています。復元する前に送った分が、弥生にあるかもしれません。")
WORDS = {
    Presence.THERE: (_("弥生に入っています"), "ok", "check-circle"),
    Presence.MAYBE: (_("弥生に入っているかもしれません"), "warn", "question-mark-circle"),
    Presence.HARDLY: (_("弥生には、おそらく入っていません"), "warn", "question-mark-circle"),
    Presence.NOT: (_("弥生には入っていません"), "off", "minus-circle"),
}
IN_PART = (_("弥生に一部だけ入っています"), "warn", "exclamation-triangle")
ON_ITS_WAY = (_("弥生に送っているところです"), "wait", "paper-airplane")
NOTHING_TO_SEND = (_("弥生に入れるものはありません"), "off", "minus-circle")
# The heading above these has told already what happened.
SEEN_IN_YAYOI = _("スマート取引取込の「未確定の取引」で確認できます。")
NOTHING_POSTED = _("弥生への送信はありません。")


def in_books(delivery: Delivery, *, is_alone: bool) -> InBooks:
    """Say whether the delivery is in the books. `is_alone`: nothing else of its day was ever sent."""
    is_kept = State(delivery.state) not in AT_REST
    if delivery.hold_reason == HoldReason.KNOWN_TO_JOURNAL:
        return InBooks(*WORDS[Presence.MAYBE], JOURNAL_KNOWS_DAY, is_kept)
    if delivery.awaits_decision and not is_alone:
        return InBooks(*NOT_YET, EARLIER_MAY_BE_THERE, is_kept)
    if _is_waived_as_never_sent(delivery) and not is_alone:
        return InBooks(*NOT_THIS, WAIVED_AFTER_OTHERS, is_kept)
    return InBooks(*_word(delivery), _sentence(delivery), is_kept)


def _is_waived_as_never_sent(delivery):
    return delivery.state == State.WAIVED and not delivery.is_empty and presence(delivery) is Presence.NOT


def _sentence(delivery):
    if delivery.is_empty:
        return NOTHING_POSTED if delivery.mode == Delivery.Mode.FULL else meaning_of(delivery)
    return SEEN_IN_YAYOI if delivery.state == State.DELIVERED else meaning_of(delivery)


def _word(delivery):
    if delivery.is_empty:
        return NOTHING_TO_SEND
    if delivery.state in IN_FLIGHT:
        return ON_ITS_WAY
    if delivery.found_keys is not None:
        return IN_PART
    return WORDS[presence(delivery)]
