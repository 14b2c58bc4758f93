"""The words on screen for the closed sets of closing/categories.py, in the order of their declaration."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from closing.categories import MovementDirection, Nature, PaymentGroup, PaymentKind, ReasonPurpose, ReversalReason, SlipKind, TaxCategory
from closing.tax import Rounding

TAX_CATEGORIES = {
    TaxCategory.STANDARD_10: _("10%対象"),
    TaxCategory.REDUCED_8: _("8%対象（軽減）"),
    TaxCategory.EXEMPT: _("非課税"),
    TaxCategory.OUT_OF_SCOPE: _("対象外（不課税）"),
    TaxCategory.EXPORT: _("免税"),
    TaxCategory.NON_SALES_VOUCHER: _("自社商品券販売"),
    TaxCategory.NON_SALES_DEPOSIT: _("予約金"),
    TaxCategory.NON_SALES_CUSTODY: _("預り金"),
    TaxCategory.NON_SALES_ADVANCE: _("立替金"),
}
PAYMENT_KINDS = {
    PaymentKind.CASH: _("現金"),
    PaymentKind.CREDIT: _("クレジット"),
    PaymentKind.E_MONEY: _("電子マネー"),
    PaymentKind.QR: _("QRコード決済"),
    PaymentKind.DELIVERY: _("デリバリー"),
    PaymentKind.OTHER_VOUCHER: _("他社商品券"),
    PaymentKind.SHARED_POINTS: _("共通ポイント"),
    PaymentKind.OWN_VOUCHER: _("自社商品券"),
    PaymentKind.DEPOSIT: _("予約金充当"),
    PaymentKind.ON_ACCOUNT: _("売掛"),
    PaymentKind.OTHER: _("その他"),
}
PAYMENT_GROUPS = {PaymentGroup.CASH: _("現金"), PaymentGroup.CREDIT: _("クレジット"), PaymentGroup.OTHER: _("その他決済")}
SLIP_KINDS = {
    SlipKind.SALE: pgettext_lazy("slip", "売上"),
    SlipKind.REVERSAL: _("赤伝票（支払取消）"),
    SlipKind.CORRECTION: _("黒伝票（訂正）"),
}
ROUNDINGS = {Rounding.ROUND_DOWN: _("切捨て"), Rounding.HALF_UP: _("四捨五入"), Rounding.ROUND_UP: _("切上げ")}
REVERSAL_REASONS = {ReversalReason.RETURN: _("返品・返金"), ReversalReason.MISTAKE: _("打ち間違い・二重登録")}
NATURES = {
    Nature.SALE: _("売上"),
    Nature.MISTAKE: _("打ち間違い（当日）"),
    Nature.EARLIER_MISTAKE: _("打ち間違い（前日以前）"),
    Nature.RETURN: _("返品・返金"),
}
DIRECTIONS = {
    MovementDirection.PAID_IN: _("入金"),
    MovementDirection.PAID_OUT: _("出金"),
    MovementDirection.SHORT_EXPLAINED: _("不足の原因判明"),
    MovementDirection.OVER_EXPLAINED: _("過剰の原因判明"),
}
PURPOSES = {
    ReasonPurpose.CHOSEN: _("担当者が選ぶ"),
    ReasonPurpose.EXCHANGE: _("両替"),
    ReasonPurpose.PICKUP: _("途中の売上回収"),
    ReasonPurpose.DIFFERENCE: _("過不足の戻り"),
}
