"""The problems of slips and of their files, in sentences for the person who has to do something about them."""

from django.utils.translation import gettext_lazy as _

from closing.slip_content import Problem, ProblemCode

SENTENCES = {
    ProblemCode.EMPTY_FILE: _("ファイルが空です。1行目に見出し、2行目から伝票を入れてください。"),
    ProblemCode.NOT_TEXT: _("文字コードを読み取れません。UTF-8またはShift_JIS(CP932)のCSVで保存し直してください。"),
    ProblemCode.ZERO_BYTE: _("%(value)s行目に使えない文字(NUL)があります。その文字を削除するか、CSVで保存し直してください。"),
    ProblemCode.NOT_CSV: _("CSVとして読み取れません。引用符が閉じていないか、ファイルが途中で切れています。この行から後は読んでいません。"),
    ProblemCode.LINE_TOO_LONG: _("1行が長すぎます(2万文字まで)。改行が失われていないか確かめてください。この行から後は読んでいません。"),
    ProblemCode.NO_SLIPS: _("見出しの下に伝票がありません。2行目から伝票を入れてください。"),
    ProblemCode.EXAMPLE_LEFT: _("ひな形の記入例の行です (%(value)s)。この行を削除してください。"),
    ProblemCode.MISSING_COLUMN: _("見出しに「%(column)s」の列がありません。"),
    ProblemCode.UNKNOWN_COLUMN: _("見出し「%(column)s」は使えません。列名を確かめるか、列を削除してください。"),
    ProblemCode.REPEATED_COLUMN: _("見出し「%(column)s」が二つ以上あります。"),
    ProblemCode.WRONG_CELL_COUNT: _("項目の数が見出しと合いません (%(value)s)。"),
    ProblemCode.REQUIRED: _("「%(column)s」を入力してください。"),
    ProblemCode.NOT_A_CODE: _("「%(column)s」は半角の英数字とハイフンで20文字以内にしてください: %(value)s"),
    ProblemCode.NOT_A_NUMBER: _("「%(column)s」は整数で入力してください: %(value)s"),
    ProblemCode.TOO_LARGE: _("「%(column)s」は9桁以内にしてください: %(value)s"),
    ProblemCode.NOT_A_DATE: _("「%(column)s」は2026-04-01のような日付にしてください: %(value)s"),
    ProblemCode.NOT_A_TIME: _("「%(column)s」は2026-04-01 12:34:56のような日時にしてください: %(value)s"),
    ProblemCode.NOT_AN_ORIGINAL: _("「%(column)s」は「店舗コード-POS番号-YYYYMMDD-伝票番号」の形にしてください: %(value)s"),
    ProblemCode.UNKNOWN_KIND: _("「%(column)s」は「売上」「赤」「黒」のどれかにしてください: %(value)s"),
    ProblemCode.UNKNOWN_REASON: _("「%(column)s」は「返品」か「打ち間違い」にしてください: %(value)s"),
    ProblemCode.UNKNOWN_NON_SALES: _("「%(column)s」は「自社商品券販売」「予約金」「預り金」「立替金」のどれかにしてください: %(value)s"),
    ProblemCode.UNKNOWN_METHOD: _("支払方法「%(value)s」は登録されていません。マスタの支払方法を確かめてください。"),
    ProblemCode.TOO_EARLY: _("「%(column)s」が2019年10月1日より前です: %(value)s"),
    ProblemCode.ORIGINAL_REQUIRED: _("赤伝票・黒伝票には「%(column)s」が必要です。"),
    ProblemCode.ORIGINAL_UNEXPECTED: _("売上伝票に「%(column)s」は入力できません。"),
    ProblemCode.REASON_REQUIRED: _("赤伝票には「%(column)s」が必要です。"),
    ProblemCode.REASON_UNEXPECTED: _("「%(column)s」は赤伝票にだけ入力できます。"),
    ProblemCode.REPEATED_CATEGORY: _("「%(column)s」の税区分が二つ以上あります。税区分ごとに一つにまとめてください。"),
    ProblemCode.REPEATED_METHOD: _("「%(column)s」が二つ以上あります。支払方法ごとに一つにまとめてください。"),
    ProblemCode.PAYMENTS_DIFFER: _("支払の合計が税込金額の合計と一致しません (支払 / 税込金額: %(value)s)。"),
    ProblemCode.NOTHING_SOLD: _("支払があるのに、税区分ごとの金額がありません。"),
    ProblemCode.NEGATIVE_ON_BLACK: _("「%(column)s」は0以上にしてください: %(value)s"),
    ProblemCode.POSITIVE_ON_RED: _("赤伝票の「%(column)s」は0以下にしてください: %(value)s"),
    ProblemCode.TAX_OUT_OF_RANGE: _("「%(column)s」の消費税が対象額を超えているか、符号が違います: %(value)s"),
    ProblemCode.TAX_ON_UNTAXED: _("「%(column)s」に消費税は付けられません: %(value)s"),
    ProblemCode.CATEGORY_NOT_SOLD: _("この営業日の販売に「%(column)s」は使えません(税制度の変更のため): %(value)s"),
    ProblemCode.OVERAGE_WITHOUT_VOUCHER: _("金券等差額があるのに、金券での支払がありません: %(value)s"),
    ProblemCode.CHANGE_WITHOUT_VOUCHER: _(
        "マイナスの現金（%(value)s円）は、金券などのお釣りとしてだけ登録できます。お釣りは、金券などの金額までです。"
    ),
    ProblemCode.UNKNOWN_REGISTER: _("POS番号「%(value)s」のレジはこの店舗にありません。マスタのレジを確かめてください。"),
    ProblemCode.MONTH_LOCKED: _("「%(column)s」の月は月次締め済みです: %(value)s"),
    ProblemCode.FUTURE_DATE: _("「%(column)s」が未来の日付です: %(value)s"),
    ProblemCode.NOT_TAKEN_BACK_BEFORE: _("黒伝票の「%(column)s」は赤伝票でなければなりません: %(value)s"),
    ProblemCode.MORE_THAN_ORIGINAL: _("赤伝票の合計が「%(column)s」の金額を超えます: %(value)s"),
    ProblemCode.OTHER_CONTENT: _("「%(column)s」%(value)s は、別の内容で登録されています。"),
    ProblemCode.OTHER_CONTENT_IN_FILE: _("%(value)s行目と「%(column)s」が同じですが、内容が違います。どちらが正しいか確かめてください。"),
    ProblemCode.SAME_IN_FILE: _("%(value)s行目と同じ伝票です。1件だけ登録します。"),
    ProblemCode.TENDER_WITHOUT_PAYMENT: _("お預り・お釣り・金券等差額があるのに、支払がありません。"),
    ProblemCode.NOT_AN_OBJECT: _("1件分の内容（JSONのオブジェクト）になっていません。"),
    ProblemCode.UNKNOWN_FIELD: _("項目「%(column)s」は使えません。"),
    ProblemCode.WRONG_FORM: _("「%(column)s」の形が正しくありません: %(value)s"),
    ProblemCode.NOT_A_MOMENT: _("「%(column)s」は2026-04-01T12:34:56+09:00のような、時差の付いた日時にしてください: %(value)s"),
    ProblemCode.UNKNOWN_STAFF: _("担当者コード「%(value)s」は登録されていません。マスタの担当者を確かめてください。"),
    ProblemCode.UNKNOWN_CASH_REASON: _("この入出金に使える理由「%(value)s」がありません。マスタの入出金理由を確かめてください。"),
    ProblemCode.REDUCED_MORE_THAN_WHOLE: _("8%%対象の金額が、入出金の金額を超えています: %(value)s"),
    ProblemCode.NOT_A_REGISTRATION_NUMBER: _("「%(column)s」は登録番号（Tと13桁の数字）ではありません: %(value)s"),
    ProblemCode.IMPOSSIBLE_RECEIPT_DATE: _("領収書日付は、2023年10月1日から営業日の翌日までです: %(value)s"),
}


def sentence(problem: Problem) -> str:
    """Return the problem in the reader's language, naming the column and the value as they stand in the file."""
    return SENTENCES[problem.code] % {"column": problem.column, "value": problem.value}
