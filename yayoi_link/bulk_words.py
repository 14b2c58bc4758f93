"""What the groups of a bulk operation mean for Yayoi's books, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yayoi_link.models import BulkItem
from yayoi_link.models.bulk import NOT_SELECTABLE

Group = BulkItem.Group
MEANINGS = {
    Group.READY: _("この操作ができる連携です。"),
    Group.SAFE: _("弥生には届いていません。送っても重複しません。"),
    Group.BEFORE_START: _("連携開始日より前の営業日です。送る場合だけ選んでください。"),
    Group.MAY_DOUBLE: _("弥生にあるかもしれません。送ると重複することがあります。"),
    Group.WILL_DOUBLE: _("弥生にあります。送ると重複するため、弥生で古い行の削除が必要です。"),
    Group.IDENTICAL: _("弥生にある内容と同じです。することはありません。"),
    Group.STILL_HELD: _("先に「弥生会計連携」で接続先リンクを登録し、連携状態をONにしてください。"),
    Group.TOO_EARLY: _("まだ届く途中かもしれません。送信から10分たってから、もう一度開いてください。"),
    Group.NOTHING: _("送信待ち・送信中・送信不要のものや、あなたの権限では操作できないものです。"),
}
LOOKS = {
    Group.READY: ("wait", "document-check"),
    Group.SAFE: ("ok", "check-circle"),
    Group.BEFORE_START: ("warn", "calendar-days"),
    Group.MAY_DOUBLE: ("warn", "question-mark-circle"),
    Group.WILL_DOUBLE: ("bad", "exclamation-triangle"),
    Group.IDENTICAL: ("off", "equals"),
    Group.STILL_HELD: ("off", "pause-circle"),
    Group.TOO_EARLY: ("off", "clock"),
    Group.NOTHING: ("off", "minus-circle"),
}


def group_words(counted: Iterable[dict]) -> list[dict]:
    """Return the groups that have items, in the order from safe to not at all, each with its counts, its meaning and its look."""
    counts = {Group(row["group"]): row for row in counted}
    return [
        counts[group]
        | {"word": group.label, "meaning": MEANINGS[group], "look": LOOKS[group][0], "icon": LOOKS[group][1]}
        | {"is_selectable": group not in NOT_SELECTABLE}
        for group in Group
        if group in counts
    ]


def outcome_words(counted: Iterable[dict]) -> list[dict]:
    """Return what came of how many items, in words; an empty outcome is still to come."""
    words = dict(BulkItem.Outcome.choices)
    return [row | {"word": words.get(row["outcome"], "")} for row in sorted(counted, key=lambda row: row["outcome"])]
