"""How a posting can be answered, in the order and under the headings of the page where it is chosen.

`answers.ANSWERS` says what each of them does.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Manner(models.TextChoices):
    NORMAL = "normal", _("受け取る（正常）")

    NO_CONTENT = "204", _("取り込んで、204（本文なし）を返す")
    WRONG_NUMBER = "wrong_number", _("取り込んで、違う件数を返す")
    NUMBER_AS_TEXT = "number_as_text", _("取り込んで、件数を文字列で返す")
    OTHER_JSON = "other_json", _("取り込んで、件数のないJSONを返す")
    TRUNCATED = "truncated", _("取り込んで、途中で切れたJSONを返す")
    CUT_BODY = "cut_body", _("取り込んで、応答の途中で接続を閉じる")
    DRIPPING_BODY = "dripping_body", _("取り込んで、本文を1秒に1文字ずつ返す")
    HUGE = "huge", _("取り込んで、16KBを超える応答を返す")
    LOGIN_PAGE = "login_page", _("200でログイン画面（HTML）を返す")

    REFUSE_503 = "refuse_503", _("503で受け取りを断る（received: 0）")
    REFUSE_429 = "refuse_429", _("429で受け取りを断る（received: 0）")

    MOVED = "301", _("301 移転")
    REDIRECTED = "307", _("307 一時的な転送")
    MOVED_FOR_GOOD = "308", _("308 恒久的な転送")
    BAD_REQUEST = "400", _("400 不正な要求")
    UNAUTHORIZED = "401", _("401 認証が必要")
    FORBIDDEN = "403", _("403 権限なし")
    NOT_FOUND = "404", _("404 リンクなし（パスを本文に含む）")
    METHOD_NOT_ALLOWED = "405", _("405 許可されない方法")
    GONE = "410", _("410 リンク廃止（連携がオフになる）")
    LENGTH_REQUIRED = "411", _("411 長さが必要")
    TOO_LARGE = "413", _("413 大きすぎる")
    TOO_LONG = "414", _("414 リンクが長すぎる")
    UNSUPPORTED = "415", _("415 対応しない形式")
    UNPROCESSABLE = "422", _("422 内容の誤り")
    HEADER_TOO_LARGE = "431", _("431 ヘッダーが大きすぎる")
    NOT_IMPLEMENTED = "501", _("501 未対応")

    SILENT = "silent", _("取り込んで、何も答えない")
    BOOK_AND_HANG_UP = "book_and_hang_up", _("取り込んで、何も答えずに接続を閉じる")
    BOOK_AND_CUT = "book_and_cut", _("取り込んで、接続を切る")
    CUT_UNREAD = "cut_unread", _("受け取る前に接続を切る")
    DRIPPING_HEADER = "dripping_header", _("取り込んで、ヘッダーを1秒に1文字ずつ返す")
    HUGE_HEADER = "huge_header", _("取り込んで、64KBを超えるヘッダーを返す")
    GARBAGE = "garbage", _("HTTPでないものを返す")
    SWITCHING = "101", _("101 切り替え")
    CHOICES = "300", _("300 複数の選択肢")
    FOUND = "302", _("302 転送")
    SEE_OTHER = "303", _("303 別の場所")
    NOT_MODIFIED = "304", _("304 変更なし")
    PAYMENT_REQUIRED = "402", _("402 支払いが必要")
    CONFLICT = "409", _("409 競合")
    BARE_429 = "bare_429", _("429だけを返す")
    SERVER_ERROR = "500", _("500 サーバーエラー")
    BAD_GATEWAY = "502", _("502 中継先のエラー")
    BARE_503 = "bare_503", _("503だけを返す")
    GATEWAY_TIMEOUT = "504", _("取り込んで、504（中継先の時間切れ）を返す")
    OUT_OF_RANGE = "600", _("600 ありえない番号")


# The rows are in 未確定の取引 before the answer leaves. With 504 as behind a proxy that gives up while the application is still at work.
BOOKS_FIRST = frozenset(
    {
        Manner.NORMAL,
        Manner.NO_CONTENT,
        Manner.WRONG_NUMBER,
        Manner.NUMBER_AS_TEXT,
        Manner.OTHER_JSON,
        Manner.TRUNCATED,
        Manner.CUT_BODY,
        Manner.DRIPPING_BODY,
        Manner.HUGE,
        Manner.SILENT,
        Manner.BOOK_AND_HANG_UP,
        Manner.BOOK_AND_CUT,
        Manner.DRIPPING_HEADER,
        Manner.HUGE_HEADER,
        Manner.GATEWAY_TIMEOUT,
    }
)
# What a posting that meets them comes to, in the words of the one who sent it.
FIRST_OF_ITS_KIND = {
    Manner.NORMAL: _("連携済になる応答"),
    Manner.NO_CONTENT: _("応答未確認になる応答"),
    Manner.REFUSE_503: _("再送待ちになる応答"),
    Manner.MOVED: _("連携エラーになる応答"),
    Manner.SILENT: _("結果不明になる応答"),
}


def manners_by_outcome() -> list[tuple[str, list[tuple[str, str]]]]:
    """All manners as choices, under the outcome that they have."""
    groups = []
    for manner in Manner:
        if manner in FIRST_OF_ITS_KIND:
            groups.append((FIRST_OF_ITS_KIND[manner], []))
        groups[-1][1].append((manner.value, manner.label))
    return groups
