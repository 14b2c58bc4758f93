"""What a new company starts with: payment methods and cash reasons that fit most shops, to be changed in マスタ."""

from closing.categories import PaymentKind
from closing.models import CashReason, PaymentMethod
from stores.models import Company

# (code, name, kind)
METHODS = (
    ("CASH", "現金", PaymentKind.CASH),
    ("CREDIT", "クレジット", PaymentKind.CREDIT),
    ("EMONEY", "電子マネー", PaymentKind.E_MONEY),
    ("QR", "QRコード決済", PaymentKind.QR),
    ("VOUCHER", "商品券", PaymentKind.OTHER_VOUCHER),
    ("OWN_VOUCHER", "自社商品券", PaymentKind.OWN_VOUCHER),
)
# (code, name, what it may be chosen for and how it is booked)
REASONS = (
    ("0001", "釣銭の補充", {"for_paid_in": True, "is_sent": False}),
    ("0002", "売上金の入金（銀行）", {"for_paid_out": True, "is_sent": False}),
    ("0003", "消耗品の購入", {"for_paid_out": True, "is_expense": True, "account": "消耗品費"}),
    ("0004", "食材の仕入れ", {"for_paid_out": True, "is_expense": True, "account": "仕入高"}),
    ("0005", "交通費", {"for_paid_out": True, "is_expense": True, "account": "旅費交通費"}),
    ("0006", "雑収入", {"for_paid_in": True, "account": "雑収入"}),
)


def give_masters(company: Company, *, methods=METHODS, reasons=REASONS) -> None:
    """Write the company's first methods and reasons."""
    PaymentMethod.objects.bulk_create(
        PaymentMethod(company=company, code=code, name=name, kind=kind, position=position)
        for position, (code, name, kind) in enumerate(methods)
    )
    CashReason.objects.bulk_create(
        CashReason(company=company, code=code, name=name, position=position, **booking)
        for position, (code, name, booking) in enumerate(reasons)
    )
