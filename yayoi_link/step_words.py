"""What is to be done about a delivery, one step after the other, each with the ability that it takes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.access import Ability
from yayoi_link.models import Delivery
from yayoi_link.rulings import CHECKED_FROM
from yayoi_link.state_words import NO_NEED_TO_HURRY, NOTHING_TO_DO, SEND_EVERYTHING, WAIT, Words
from yayoi_link.states import SETTLE, HoldReason, State
from yayoi_link.troubles import Trouble


@dataclass(frozen=True, slots=True)
class Step:
    """One step. It is for whoever has the ability; without one for anybody."""

    text: Words
    ability: Ability | None = None


SEND_AGAIN = Step(_("「再連携」を押します。"), Ability.RESEND_SAFELY)
SEND_AGAIN_AFTER_NO = Step(_("「再連携」を押します。"), Ability.RESEND_DOUBLED)
SEND = Step(_("「送信する」を押します。"), Ability.RESEND_DOUBLED)
MEND_LINK = Step(_("「弥生会計連携」で、接続先リンクを弥生に表示されるリンクに直して「登録」を押します。"), Ability.EDIT_LINKS)
SENT_BY_ITSELF = Step(_("直したあとは、自動で送り直します。すぐに送るときは「再連携」を押します。"))
WAIT_FOR_RETRY = Step(_("そのままお待ちください。時間をおいて自動で送り直します。"))
ASK_OPERATOR = Step(_("何度も同じ表示になるときは、運営に知らせてください。"))
ASK_YAYOI = Step(_("同じ表示が続くときは、下の番号を添えて運営に知らせてください。弥生側の不具合のことがあります。"))
DO_NOT_PASS_ON = Step(_("別の接続先かもしれないため、何も送っていません。弥生のお知らせを確かめてください。"))
LOOK = Step(_("弥生のスマート取引取込で「未確定の取引」を開き、この営業日の行があるか見ます。"))
LOOK_AND_IN_JOURNAL = Step(_("弥生の「未確定の取引」と仕訳日記帳に、この営業日の行があるか見ます。"))
SAY_WHAT_WAS_FOUND = Step(_("「弥生で確認した」を押し、「あった」「なかった」「一部だけあった」から選びます。"), Ability.RESEND_DOUBLED)
SAY_IT_IN_PORTAL = Step(
    _("管理画面の「連携状況」でこの営業日を開き、「弥生で確認した」を押して、あったかどうかを選びます。"), Ability.RESEND_DOUBLED
)

HOLD_STEPS = {
    HoldReason.LINK_MISSING: (
        Step(_("「弥生会計連携」で、この店舗の接続先リンクを登録し、連携状態をONにします。"), Ability.EDIT_LINKS),
        SEND,
    ),
    HoldReason.LINK_OFF: (Step(_("「弥生会計連携」で、この店舗の連携状態をONにします。"), Ability.EDIT_LINKS), SEND),
    HoldReason.BEFORE_START: (
        Step(_("この営業日の分を、弥生に手で入力していないか確かめます。")),
        Step(_("弥生に送るときは「送信する」、送らないときは「送信不要」を押します。"), Ability.RESEND_DOUBLED),
    ),
    HoldReason.MAPPING_MISSING: (
        Step(_("「仕訳設定」で、「直すところ」の取引の勘定科目を選んで「登録」を押します。"), Ability.EDIT_ACCOUNTS),
        SEND,
    ),
    HoldReason.UNWRITABLE_TEXT: (
        Step(_("「直すところ」の文字を、弥生で使える文字に直します。"), Ability.CORRECT_SLIPS),
        SEND,
        Step(_("同じ表示のままのときは、レジ業務でこの営業日をもう一度閉局してください。"), Ability.RECLOSE_DAY),
    ),
    HoldReason.KEY_UNAVAILABLE: (
        Step(_("「弥生会計連携」で、接続先リンクを登録し直します。"), Ability.EDIT_LINKS),
        SEND,
        ASK_OPERATOR,
    ),
    HoldReason.AWAITING_DECISION: (
        LOOK_AND_IN_JOURNAL,
        Step(
            _("なければ「全件を送る」、あって変わった分だけを送るなら「差分を送る」、送らなくてよければ「送らない」を押します。"),
            Ability.RESEND_DOUBLED,
        ),
    ),
    HoldReason.KNOWN_TO_JOURNAL: (
        LOOK_AND_IN_JOURNAL,
        Step(_("なければ「送信する」、あれば「送信不要」を押します。"), Ability.RESEND_DOUBLED),
    ),
}
RETRY_STEPS = {
    Trouble.LINK: (MEND_LINK, SENT_BY_ITSELF),
    Trouble.CERTIFICATE: (DO_NOT_PASS_ON, MEND_LINK, ASK_OPERATOR),
}
EXHAUSTED_STEPS = {
    Trouble.LINK: (MEND_LINK, SEND_AGAIN),
    Trouble.CERTIFICATE: (DO_NOT_PASS_ON, MEND_LINK, SEND_AGAIN, ASK_OPERATOR),
}
REJECTED_STEPS = {
    Trouble.LINK: (MEND_LINK, SEND_AGAIN_AFTER_NO),
    Trouble.CONTENT: (SEND_AGAIN_AFTER_NO, ASK_YAYOI),
}


def steps_for(delivery: Delivery, trouble: Trouble, *, is_alone: bool, waits: bool, at_till: bool) -> tuple[Step, ...]:
    """Return what is to be done now, in its order; never nothing.

    `is_alone`: nothing else of the day was ever sent; `waits`: for the end of 送信猶予; `at_till`: read at レジ業務.
    """
    state = State(delivery.state)
    if state in SETTLE.sources:
        return (LOOK, SAY_IT_IN_PORTAL if at_till else SAY_WHAT_WAS_FOUND)
    if not delivery.is_current:
        return (Step(NOTHING_TO_DO),)
    if delivery.awaits_decision and is_alone:
        return (Step(SEND_EVERYTHING, Ability.RESEND_DOUBLED),)
    if state is State.HELD:
        return HOLD_STEPS[HoldReason(delivery.hold_reason)]
    if waits:
        return (Step(NO_NEED_TO_HURRY),)
    return _steps_after_try(delivery, state, trouble)


def _steps_after_try(delivery, state, trouble):
    if state is State.RETRY_WAIT:
        return RETRY_STEPS.get(trouble, (WAIT_FOR_RETRY, ASK_OPERATOR))
    if state is State.EXHAUSTED:
        return EXHAUSTED_STEPS.get(trouble, (SEND_AGAIN, ASK_OPERATOR))
    if state is State.REJECTED and delivery.passed_gate:
        return REJECTED_STEPS.get(trouble, REJECTED_STEPS[Trouble.LINK])
    if state is State.REJECTED:
        return EXHAUSTED_STEPS[Trouble.LINK]
    return (Step(WAIT if state in (State.PENDING, State.CLAIMED, State.SENDING) else NOTHING_TO_DO),)


def when_to_expect(delivery: Delivery, *, now: datetime) -> str:
    """Say from when the next step is possible, or when the portal does it by itself; empty when it is now."""
    if delivery.state in SETTLE.sources and delivery.gate_at and now < delivery.gate_at + CHECKED_FROM:
        return gettext("いまはまだ届く途中かもしれません。%(time)sから確かめられます。") % {"time": _clock(delivery.gate_at + CHECKED_FROM)}
    if delivery.state == State.RETRY_WAIT and (next_try := delivery.waits_until(now)):
        return gettext("次は%(time)sごろに送り直します。") % {"time": _clock(next_try)}
    return ""


def _clock(moment):
    return date_format(localtime(moment), "G:i")
