from django.utils.translation import gettext_lazy as _

from yayoi_link.states import HoldReason, State

STATES = {
    State.HELD: _("送信保留"),
    State.PENDING: _("送信待ち"),
    State.CLAIMED: _("送信中"),
    State.SENDING: _("送信中"),
    State.RETRY_WAIT: _("再送待ち"),
    State.EXHAUSTED: _("自動再送終了"),
    State.REJECTED: _("連携エラー"),
    State.DELIVERED: _("連携済"),
    State.UNVERIFIED: _("応答未確認"),
    State.UNKNOWN: _("結果不明"),
    State.SETTLED: _("弥生で確認済"),
    State.WAIVED: _("送信不要"),
    State.SUPERSEDED: _("差し替え済み"),
}
HOLD_REASONS = {
    HoldReason.LINK_MISSING: _("接続先リンクが未登録です"),
    HoldReason.LINK_OFF: _("連携状態がOFFです"),
    HoldReason.BEFORE_START: _("連携開始日より前の営業日です"),
    HoldReason.MAPPING_MISSING: _("勘定科目が決まっていない取引があります"),
    HoldReason.UNWRITABLE_TEXT: _("弥生で使えない文字があります"),
    HoldReason.KEY_UNAVAILABLE: _("暗号鍵エラーのため、接続先リンクを読み取れません"),
    HoldReason.AWAITING_DECISION: _("判断待ち（前回分が弥生にある可能性があります）"),
    HoldReason.KNOWN_TO_JOURNAL: _("送信記録に同じ営業日があります"),
}
