"""What a square of the calendar of 連携状況 says: a word short enough for it, the whole word, a look, an icon, and what it means."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stores.access import Ability, who_may
from yayoi_link.state_words import CHANGED_SINCE, CHIPS, MEANINGS, NEXT_STEPS, NOTHING_TO_DO, Chip, Words
from yayoi_link.states import State


class Situation(StrEnum):
    """How a day stands of which no delivery tells, or more than that."""

    CHANGED = "changed"
    OVERDUE = "overdue"
    OPEN = "open"
    RESTING = "resting"
    NOT_OPENED = "not_opened"


# Told apart by which it is: compared by its words it would be another one in each language.
@dataclass(frozen=True, slots=True, eq=False)
class Face:
    name: str
    short: Words
    chip: Chip
    meaning: Words

    @property
    def is_long(self) -> bool:
        """Whether it takes smaller letters to fit."""
        return len(str(self.short)) > 2


class Reason(NamedTuple):
    """Why a day stands as it does, what is to be done about it, and who can: the same for all days that it is true of."""

    meaning: str
    next_step: str
    cause: str = ""
    who_may: str = ""


# Two or three characters: a month of days has to fit on a screen.
SHORT_WORDS = {
    State.HELD: pgettext_lazy("short", "保留"),
    State.PENDING: pgettext_lazy("short", "待ち"),
    State.SENDING: pgettext_lazy("short", "送信"),
    State.RETRY_WAIT: pgettext_lazy("short", "再送"),
    State.EXHAUSTED: pgettext_lazy("short", "未達"),
    State.REJECTED: pgettext_lazy("short", "エラー"),
    State.DELIVERED: pgettext_lazy("short", "済"),
    State.UNVERIFIED: pgettext_lazy("short", "未確認"),
    State.UNKNOWN: pgettext_lazy("short", "不明"),
    State.SETTLED: pgettext_lazy("short", "確認済"),
    State.WAIVED: pgettext_lazy("short", "不要"),
}
SITUATIONS = (
    Face(Situation.CHANGED, pgettext_lazy("short", "変更"), CHANGED_SINCE, _("弥生に送ったあとに、伝票や入出金の登録がありました。")),
    Face(
        Situation.OVERDUE,
        pgettext_lazy("short", "忘れ"),
        Chip(_("閉局忘れ"), "bad", "bell-alert"),
        _("まだ閉局していません。弥生には何も送っていません。"),
    ),
    Face(
        Situation.OPEN,
        pgettext_lazy("short", "開局"),
        Chip(_("開局中"), "wait", "building-storefront"),
        _("営業中です。閉局すると弥生に送ります。"),
    ),
    Face(Situation.RESTING, pgettext_lazy("short", "休"), Chip(_("休業日"), "off", "moon"), _("休業日です。")),
    Face(Situation.NOT_OPENED, pgettext_lazy("short", "－"), Chip(_("未開局"), "off", ""), _("開局していません。送る取引はありません。")),
)
# In a legend, where nothing tells which of both it was.
STOPPED = _("接続先リンクの問題か、弥生側の「受け付けない」という応答のため、止まりました。")
FACES = {state: Face(state, short, CHIPS[state], MEANINGS[state]) for state, short in SHORT_WORDS.items()}
FACES[State.REJECTED] = Face(State.REJECTED, SHORT_WORDS[State.REJECTED], CHIPS[State.REJECTED], STOPPED)
FACES |= {State.CLAIMED: FACES[State.SENDING]} | {face.name: face for face in SITUATIONS}
LEGEND = tuple(FACES[name] for name in [*SHORT_WORDS, *Situation])

CLOSE_IT = _("レジ業務で閉局してください。店舗に行けないときは、日計の画面から仮閉局できます（店長・企業管理者）。")
CLOSE_AGAIN = _("レジ業務でこの営業日を開いて「閉局」を押し、弥生に送る内容を選んでください。")


def reason_of_situation(situation: Situation) -> Reason:
    """Say why a day without a delivery, or with one that is no longer the whole day, stands as it does."""
    steps = {Situation.OVERDUE: (CLOSE_IT, Ability.CLOSE_DAY), Situation.CHANGED: (CLOSE_AGAIN, Ability.RECLOSE_DAY)}
    next_step, ability = steps.get(situation, (NOTHING_TO_DO, None))
    return Reason(str(FACES[situation].meaning), str(next_step), who_may=who_may(ability) if ability else "")


def reason_of_delivered() -> Reason:
    """Say it of the many days that need nothing."""
    return Reason(str(MEANINGS[State.DELIVERED]), str(NEXT_STEPS.get(State.DELIVERED, NOTHING_TO_DO)))
