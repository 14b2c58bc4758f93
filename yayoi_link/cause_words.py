"""Why a try did not end in 連携済, in plain words: never a code alone."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yayoi_link.models import Outcome
from yayoi_link.verdicts import MOVED_STATUSES, NO_CONTENT, ErrorCode, Verdict

ERRORS = {
    ErrorCode.BAD_LINK: gettext_lazy("接続先リンクの形式が正しくありません"),
    ErrorCode.BLOCKED_ADDRESS: gettext_lazy("接続先リンクが、送信できない場所（社内などのアドレス）を指しています"),
    ErrorCode.BLOCKED_SCHEME: gettext_lazy("接続先リンクがhttpsで始まっていません"),
    ErrorCode.BLOCKED_PORT: gettext_lazy("接続先リンクのポート番号には送信できません"),
    ErrorCode.NAME_NOT_FOUND: gettext_lazy("接続先が見つかりません（名前解決エラー）"),
    ErrorCode.NAME_TIMEOUT: gettext_lazy("接続先を調べられませんでした（名前解決の時間切れ）"),
    ErrorCode.REFUSED: gettext_lazy("接続先に接続を断られました"),
    ErrorCode.UNREACHABLE: gettext_lazy("接続先に届きません（ネットワークの障害）"),
    ErrorCode.CONNECT_TIMEOUT: gettext_lazy("接続先から返事がなく、接続できませんでした"),
    ErrorCode.TLS_TIMEOUT: gettext_lazy("暗号化通信を始める途中で、接続先からの返事が途絶えました"),
    ErrorCode.TLS_FAILED: gettext_lazy("暗号化通信を始められませんでした"),
    ErrorCode.NOT_TLS: gettext_lazy("接続先が暗号化通信に対応していません"),
    ErrorCode.CERTIFICATE_UNTRUSTED: gettext_lazy("接続先の証明書を信頼できません"),
    ErrorCode.CERTIFICATE_NAME: gettext_lazy("接続先の証明書の名前が、接続先リンクと一致しません"),
    ErrorCode.CERTIFICATE_EXPIRED: gettext_lazy("接続先の証明書の有効期限が切れています"),
    ErrorCode.GATE_REFUSED: gettext_lazy("送信の直前に設定や内容が変わったため、送信を取りやめました"),
    ErrorCode.KEY_UNAVAILABLE: gettext_lazy("接続先リンクを開けませんでした（暗号鍵エラー）"),
    ErrorCode.FROZEN_AFTER_GATE: gettext_lazy("送信の直前に処理が止まったため、送信を取りやめました"),
    ErrorCode.RESET: gettext_lazy("送信の途中で通信が切れました"),
    ErrorCode.CLOSED: gettext_lazy("応答の途中で接続先が通信を切りました"),
    ErrorCode.DEADLINE: gettext_lazy("時間内に応答がありませんでした"),
    ErrorCode.GARBAGE: gettext_lazy("接続先から読み取れない応答が返りました"),
    ErrorCode.UNEXPECTED: gettext_lazy("予期しないエラーが起きました"),
    ErrorCode.WORKER_GONE: gettext_lazy("送信の途中で、送信を行うプログラムが止まりました"),
}
MOVED = gettext_lazy("接続先リンクが移転しています")
STATUSES = {
    400: gettext_lazy("弥生側が送信内容を受け付けませんでした"),
    401: gettext_lazy("接続先リンクをご確認ください（弥生側に認証されませんでした）"),
    403: gettext_lazy("接続先リンクをご確認ください（弥生側に許可されませんでした）"),
    404: gettext_lazy("接続先リンクが無効です（弥生側に見つかりません）"),
    410: gettext_lazy("接続先リンクが無効です（弥生側で連携が解除されています）"),
    413: gettext_lazy("送信内容が大きすぎると、弥生側に断られました"),
    429: gettext_lazy("弥生側が混み合っています"),
    503: gettext_lazy("弥生側が一時的に受け付けていません"),
}
BY_VERDICT = {
    Verdict.DELIVERED: gettext_lazy("弥生が受け取りました"),
    Verdict.UNVERIFIED: gettext_lazy("受け取りの確認ではない応答が返りました"),
    Verdict.REJECTED: gettext_lazy("弥生側が送信内容を受け付けませんでした"),
    Verdict.UNKNOWN: gettext_lazy("弥生側でエラーが起きました"),
}
EMPTY_ANSWER = gettext_lazy("中身のない応答が返りました（受け取りの確認がありません）")
NOT_THE_RECEIVER = gettext_lazy("受け取りの確認ではなく、別のページ（ログイン画面など）が返りました")
OTHER_COUNT = gettext_lazy("弥生側が答えた件数が、送った件数と一致しません")

VERDICTS = {
    Verdict.NOT_SENT: gettext_lazy("送信できませんでした（弥生には届いていません）"),
    Verdict.BLOCKED: gettext_lazy("送信しませんでした（弥生には届いていません）"),
    Verdict.UNKNOWN: gettext_lazy("結果が分かりません"),
    Verdict.DELIVERED: gettext_lazy("連携済になりました"),
    Verdict.UNVERIFIED: gettext_lazy("送信しましたが、受け取りを確かめられませんでした"),
    Verdict.REFUSED: gettext_lazy("弥生側が「いまは受け取らない」と応答しました（弥生には入っていません）"),
    Verdict.MOVED: gettext_lazy("弥生側が受け付けませんでした"),
    Verdict.REJECTED: gettext_lazy("弥生側が受け付けませんでした"),
}


def verdict_words(outcome: Outcome) -> str | Promise:
    """Say what is known about the rows after the try."""
    return VERDICTS[Verdict(outcome.verdict)]


def cause_words(outcome: Outcome | None) -> str:
    """Say what stopped the try, with the answer's number; empty while nothing is known or nothing went wrong."""
    cause = plain_cause(outcome)
    if not cause or outcome.status is None or outcome.status in MOVED_STATUSES:
        return cause
    return _("%(cause)s［応答 %(status)s］") % {"cause": cause, "status": outcome.status}


def plain_cause(outcome: Outcome | None) -> str:
    """Say the same in words alone."""
    if outcome is None or outcome.verdict == Verdict.DELIVERED:
        return ""
    if outcome.status is None:
        return str(ERRORS[ErrorCode(outcome.error or ErrorCode.UNEXPECTED)])
    if outcome.status in MOVED_STATUSES:
        return _("%(cause)s（移転先: %(host)s）") % {"cause": MOVED, "host": outcome.location_host} if outcome.location_host else str(MOVED)
    return str(_words_of_answer(outcome))


def _words_of_answer(outcome):
    if outcome.verdict == Verdict.UNVERIFIED:
        return _words_of_unverified(outcome)
    return STATUSES.get(outcome.status) or BY_VERDICT.get(outcome.verdict, BY_VERDICT[Verdict.UNKNOWN])


def _words_of_unverified(outcome):
    if outcome.status == NO_CONTENT or not outcome.answer_length:
        return EMPTY_ANSWER
    if "received" in outcome.answer_fields:
        return OTHER_COUNT
    return NOT_THE_RECEIVER if "html" in outcome.content_type else BY_VERDICT[Verdict.UNVERIFIED]
