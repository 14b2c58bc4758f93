"""The column names of the slip CSV: part of its format, and the words in which problems of any slip are reported."""

from closing.categories import ReversalReason, SlipKind, TaxCategory

NUMBER, KIND, BUSINESS_DATE, ISSUED_AT, REGISTER, STAFF = "伝票番号", "種別", "営業日", "日時", "POS番号", "担当者コード"
ORIGINAL, REASON = "元伝票", "理由"
NON_SALES_AMOUNT, NON_SALES_KIND = "売上外額", "売上外種別"
DISCOUNT, SERVICE_CHARGE, POINTS, GUESTS = "値引", "サービス料", "ポイント", "客数"
TENDERED, CHANGE, OVERAGE = "お預り", "お釣り", "金券等差額"
PAYMENT_PREFIX = "支払:"
PAYMENTS, TOTAL = "支払", "合計"

AMOUNTS = {
    TaxCategory.STANDARD_10: "10%対象額",
    TaxCategory.REDUCED_8: "8%(軽減)対象額",
    TaxCategory.EXEMPT: "非課税額",
    TaxCategory.OUT_OF_SCOPE: "対象外(不課税)額",
    TaxCategory.EXPORT: "免税売上額",
}
TAXES = {TaxCategory.STANDARD_10: "10%消費税", TaxCategory.REDUCED_8: "8%(軽減)消費税"}

REQUIRED = (NUMBER, KIND, BUSINESS_DATE, ISSUED_AT, REGISTER, STAFF)
OPTIONAL = (
    *(ORIGINAL, REASON),
    *(column for category, amount in AMOUNTS.items() for column in (amount, TAXES.get(category)) if column),
    *(NON_SALES_AMOUNT, NON_SALES_KIND),
    *(DISCOUNT, SERVICE_CHARGE, POINTS, TENDERED, CHANGE, OVERAGE, GUESTS),
)

KINDS = {"売上": SlipKind.SALE, "赤": SlipKind.REVERSAL, "黒": SlipKind.CORRECTION}
REASONS = {"返品": ReversalReason.RETURN, "打ち間違い": ReversalReason.MISTAKE}
NON_SALES = {
    "自社商品券販売": TaxCategory.NON_SALES_VOUCHER,
    "予約金": TaxCategory.NON_SALES_DEPOSIT,
    "預り金": TaxCategory.NON_SALES_CUSTODY,
    "立替金": TaxCategory.NON_SALES_ADVANCE,
}


def amount_column(category: TaxCategory) -> str:
    return AMOUNTS.get(category, NON_SALES_AMOUNT)


def tax_column(category: TaxCategory) -> str:
    return TAXES.get(category, amount_column(category))


def payment_column(method: str) -> str:
    return f"{PAYMENT_PREFIX}{method}"
