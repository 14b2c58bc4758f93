"""What the columns of the slip CSV are for, in words for whoever fills them in."""

from django.utils.translation import gettext_lazy as _

from closing import slip_columns as columns
from closing.categories import TaxCategory

WORDS = {
    columns.NUMBER: _("レシートの番号。半角の英数字とハイフンで20文字まで。同じレジ・同じ営業日の中で重ならないようにします。"),
    columns.KIND: _("売上・赤（支払取消）・黒（訂正）のどれか。"),
    columns.BUSINESS_DATE: _("売上を計上する営業日。深夜の売上は、その店の営業日にします。例: 2026-04-01、2026/4/1、2026年4月1日"),
    columns.ISSUED_AT: _("レシートに印字された日時。例: 2026-04-01 12:34:56"),
    columns.REGISTER: _("マスタに登録したレジのPOS番号。"),
    columns.STAFF: _("会計した担当者のコード。先頭の0も入れます。"),
    columns.ORIGINAL: _("赤・黒のときだけ。取り消す伝票（黒は赤伝票）を、店舗コード-POS番号-YYYYMMDD-伝票番号で書きます。"),
    columns.REASON: _("赤のときだけ。返品・打ち間違いのどちらか。"),
    columns.AMOUNTS[TaxCategory.STANDARD_10]: _("標準税率の税込金額。赤伝票はマイナスで書きます（ほかの金額も同じ）。"),
    columns.TAXES[TaxCategory.STANDARD_10]: _("そのうちの消費税。レシートのとおりに書きます。"),
    columns.AMOUNTS[TaxCategory.REDUCED_8]: _("軽減税率の税込金額。"),
    columns.TAXES[TaxCategory.REDUCED_8]: _("そのうちの消費税。"),
    columns.AMOUNTS[TaxCategory.EXEMPT]: _("非課税の金額。"),
    columns.AMOUNTS[TaxCategory.OUT_OF_SCOPE]: _("消費税のかからない取引の金額。"),
    columns.AMOUNTS[TaxCategory.EXPORT]: _("免税店での販売の金額。"),
    columns.NON_SALES_AMOUNT: _("売上ではない受け取りの金額。"),
    columns.NON_SALES_KIND: _("売上外額があるとき。自社商品券販売・予約金・預り金・立替金のどれか。"),
    columns.DISCOUNT: _("値引した金額（対象額から引いた後の、参考の数字です）。"),
    columns.SERVICE_CHARGE: _("対象額に含まれるサービス料。"),
    columns.POINTS: _("自社ポイントで値引した金額。"),
    columns.TENDERED: _("お客様から預かった現金。"),
    columns.CHANGE: _("お渡ししたお釣り。"),
    columns.OVERAGE: _("釣りの出ない金券が、支払額を超えた分。"),
    columns.GUESTS: _("来店した人数。"),
}
