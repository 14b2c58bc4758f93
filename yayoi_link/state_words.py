"""What a person reads about the state of a delivery: a word with an icon, what it means for the books, what to do."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yayoi_link.booking import Obstacle
from yayoi_link.models import Delivery
from yayoi_link.models.labels import HOLD_REASONS, STATES
from yayoi_link.presence import Presence, presence
from yayoi_link.states import SETTLE, HoldReason, State

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Chip:
    """`look` is one of ok, wait, warn, bad, off; `icon` a name of heroicons."""

    word: Words
    look: str
    icon: str


CHIPS = {
    state: Chip(STATES[state], look, icon)
    for state, look, icon in (
        (State.HELD, "warn", "pause-circle"),
        (State.PENDING, "wait", "clock"),
        (State.CLAIMED, "wait", "paper-airplane"),
        (State.SENDING, "wait", "paper-airplane"),
        (State.RETRY_WAIT, "warn", "arrow-path"),
        (State.EXHAUSTED, "bad", "x-circle"),
        (State.REJECTED, "bad", "x-circle"),
        (State.DELIVERED, "ok", "check-circle"),
        (State.UNVERIFIED, "warn", "question-mark-circle"),
        (State.UNKNOWN, "bad", "question-mark-circle"),
        (State.SETTLED, "ok", "check-badge"),
        (State.WAIVED, "off", "minus-circle"),
        (State.SUPERSEDED, "off", "archive-box"),
    )
}
CHANGED_SINCE = Chip(_("送信後に変更あり"), "warn", "exclamation-triangle")

MEANINGS = {
    State.HELD: _("まだ弥生に送っていません。"),
    State.PENDING: _("まもなく弥生に送ります。"),
    State.CLAIMED: _("いま弥生に送っています。"),
    State.SENDING: _("いま弥生に送っています。"),
    State.RETRY_WAIT: _("弥生には届いていません。時間をおいて自動で送り直します。"),
    State.EXHAUSTED: _("弥生には届いていません。自動での送り直しは終わりました。"),
    State.REJECTED: _("弥生には送っていません。"),
    State.DELIVERED: _("弥生が受け取りました。スマート取引取込の「未確定の取引」で確認できます。"),
    State.UNVERIFIED: _("送信しましたが、弥生が受け取ったことを確かめられませんでした。帳簿に入ったかどうか分かりません。"),
    State.UNKNOWN: _("送信の途中で結果が分からなくなりました。弥生に入っているかもしれません。"),
    State.SETTLED: _("弥生にあることを担当者が確認しました。"),
    State.WAIVED: _("送らないと決めました。弥生には送っていません。"),
    State.SUPERSEDED: _("新しい内容に差し替えたため、弥生には送っていません。"),
}
RESTORED = _("管理画面をバックアップから復元したため、送ったかどうか分かりません。弥生に入っているかもしれません。")
ANSWERED_NO = _("弥生側が「受け付けない」と応答しました。通常は帳簿に入っていませんが、確実ではありません。")
FOUND_IN_PART = _("一部の行だけが弥生にあることを担当者が確認しました。残りの行は差分として送ります。")
RULED_NOT_THERE = _("弥生にないことを担当者が確認しました。")
WAIVED_AFTER_NO = _("送らないと決めました。弥生側は「受け付けない」と応答しているため、通常は帳簿に入っていません。")
NO_DIFFERENCE = _("弥生にある内容と同じです。送る差分はありません。")
NOTHING_TO_SEND = _("送る取引がない営業日です。弥生への送信はありません。")

NO_NEED_TO_HURRY = _("時刻になると自動で送ります。待たずに送るときは「今すぐ送信」を押してください。")
NOTHING_TO_DO = _("することはありません。")
WAIT = _("そのままお待ちください。画面を閉じても送信は続きます。")
LOOK_IN_YAYOI = _(
    "弥生のスマート取引取込で「未確定の取引」に、この営業日の行があるか確かめてください。"
    "そのあと、管理画面の「連携状況」で「弥生で確認した」を押してください。"
)
NEXT_STEPS = {
    State.PENDING: WAIT,
    State.CLAIMED: WAIT,
    State.SENDING: WAIT,
    State.RETRY_WAIT: _("そのままお待ちください。原因を直したときは「再連携」ですぐに送れます。"),
    State.EXHAUSTED: _("原因を直してから「再連携」を押してください。"),
    State.REJECTED: _("接続先リンクを確かめてから「再連携」を押してください。"),
    State.UNVERIFIED: LOOK_IN_YAYOI,
    State.UNKNOWN: LOOK_IN_YAYOI,
}
HOLD_STEPS = {
    HoldReason.LINK_MISSING: _("「弥生会計連携」で接続先リンクを登録してから「送信する」を押してください。"),
    HoldReason.LINK_OFF: _("「弥生会計連携」で連携状態をONにしてから「送信する」を押してください。"),
    HoldReason.BEFORE_START: _("この日も弥生に送る場合は「送信する」を、送らない場合は「送信不要」を押してください。"),
    HoldReason.MAPPING_MISSING: _("下の取引の勘定科目を決めてから「送信する」を押してください。"),
    HoldReason.UNWRITABLE_TEXT: _("下の文字を弥生で使える文字に直してから「送信する」を押してください。"),
    HoldReason.KEY_UNAVAILABLE: _("「弥生会計連携」で接続先リンクを登録し直すか、運営に連絡してください。"),
    HoldReason.AWAITING_DECISION: _("前回送った分が弥生にあるか確かめて、「全件を送る」「差分を送る」「送らない」から選んでください。"),
    HoldReason.KNOWN_TO_JOURNAL: _("弥生の「未確定の取引」を確かめて、なければ「送信する」、あれば「送信不要」を押してください。"),
}
# Where 弥生会計連携 is the page to go to.
MENDED_IN_LINKS = frozenset({HoldReason.LINK_MISSING, HoldReason.LINK_OFF, HoldReason.KEY_UNAVAILABLE})
# Of a decision, once it is known that there is nothing to be doubled.
NOTHING_BEFORE = _("判断待ち（前の送信は弥生に届いていません）")
SEND_EVERYTHING = _(
    "「全件を送る」を押してください。弥生にこの営業日の行はないため、重複しません。送らない場合は「送らない」を押してください。"
)
# The same in a few words, for lists.
SHORT_STEPS = {
    State.RETRY_WAIT: _("自動で送り直します"),
    State.EXHAUSTED: _("原因を直して再連携"),
    State.REJECTED: _("原因を直して再連携"),
    State.UNVERIFIED: _("弥生で確認"),
    State.UNKNOWN: _("弥生で確認"),
    HoldReason.LINK_MISSING: _("接続先リンクを登録"),
    HoldReason.LINK_OFF: _("連携状態をONにする"),
    HoldReason.BEFORE_START: _("送るかどうかを決める"),
    HoldReason.MAPPING_MISSING: _("勘定科目を決める"),
    HoldReason.UNWRITABLE_TEXT: _("使えない文字を直す"),
    HoldReason.KEY_UNAVAILABLE: _("接続先リンクを登録し直す"),
    HoldReason.AWAITING_DECISION: _("何を送るか決める"),
    HoldReason.KNOWN_TO_JOURNAL: _("弥生で確認"),
}

# Why 差分 cannot be chosen.
OBSTACLES = {
    Obstacle.UNCERTAIN: _("前回の送信が弥生に届いたかどうか分からないため、差分は送れません。弥生で確認すると、選べるようになります。"),
    Obstacle.CONTENT_UNKNOWN: _("前回送った行の内容が残っていないため、差分は送れません。"),
}


def chip_of(delivery: Delivery) -> Chip:
    """Return the delivery's state as a word with look and icon."""
    return CHIPS[State(delivery.state)]


def meaning_of(delivery: Delivery) -> Words:
    """Say what the delivery's state means for the books."""
    state = State(delivery.state)
    if delivery.is_empty:
        return NOTHING_TO_SEND if delivery.mode == Delivery.Mode.FULL else NO_DIFFERENCE
    if state in (State.REJECTED, State.WAIVED) and presence(delivery) is Presence.HARDLY:
        return ANSWERED_NO if state is State.REJECTED else WAIVED_AFTER_NO
    if state is State.UNKNOWN and not delivery.passed_gate:
        return RESTORED
    if state is State.SETTLED and presence(delivery) is Presence.NOT:
        return RULED_NOT_THERE
    if delivery.found_keys is not None:
        return FOUND_IN_PART
    return MEANINGS[state]


def waiting_words(until: datetime) -> Words:
    """Say until when a close waits for the end of 送信猶予."""
    time = {"time": date_format(localtime(until), "G:i")}
    return gettext("%(time)sまで送信を待ちます。それまでにもう一度閉局すると、新しい内容に差し替わります。") % time


def next_step_of(delivery: Delivery) -> Words:
    """Say what is to be done about the delivery now, in one sentence."""
    if not delivery.is_current:
        return LOOK_IN_YAYOI if delivery.state in SETTLE.sources else NOTHING_TO_DO
    if delivery.state == State.HELD:
        return HOLD_STEPS[HoldReason(delivery.hold_reason)]
    return NEXT_STEPS.get(State(delivery.state), NOTHING_TO_DO)


def short_step(state: str, hold_reason: str) -> Words:
    """Say in a few words what is to be done; empty when nothing is."""
    return SHORT_STEPS.get(HoldReason(hold_reason) if hold_reason else State(state), "")


def hold_words(hold_reason: str) -> Words:
    """Say why a delivery is held; empty when it is not."""
    return HOLD_REASONS[HoldReason(hold_reason)] if hold_reason else ""
