"""The closed sets of the books. Their order is the order of every list, every split and every print."""

from enum import StrEnum


class TaxCategory(StrEnum):
    STANDARD_10 = "STANDARD_10"
    REDUCED_8 = "REDUCED_8"
    EXEMPT = "EXEMPT"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    EXPORT = "EXPORT"
    NON_SALES_VOUCHER = "NON_SALES_VOUCHER"
    NON_SALES_DEPOSIT = "NON_SALES_DEPOSIT"
    NON_SALES_CUSTODY = "NON_SALES_CUSTODY"
    NON_SALES_ADVANCE = "NON_SALES_ADVANCE"

    @property
    def is_sales(self) -> bool:
        return not self.name.startswith("NON_SALES")

    @property
    def position(self) -> int:
        return CATEGORY_ORDER[self]


CATEGORY_ORDER = {category: position for position, category in enumerate(TaxCategory)}


class PaymentGroup(StrEnum):
    CASH = "CASH"
    CREDIT = "CREDIT"
    OTHER = "OTHER"


class PaymentKind(StrEnum):
    CASH = "CASH"
    CREDIT = "CREDIT"
    E_MONEY = "E_MONEY"
    QR = "QR"
    DELIVERY = "DELIVERY"
    OTHER_VOUCHER = "OTHER_VOUCHER"
    SHARED_POINTS = "SHARED_POINTS"
    OWN_VOUCHER = "OWN_VOUCHER"
    DEPOSIT = "DEPOSIT"
    ON_ACCOUNT = "ON_ACCOUNT"
    OTHER = "OTHER"

    @property
    def group(self) -> PaymentGroup:
        """Where the 日計 lists it: 現金, クレジット or その他決済."""
        if self in (PaymentKind.CASH, PaymentKind.CREDIT):
            return PaymentGroup(self.value)
        return PaymentGroup.OTHER


class SlipKind(StrEnum):
    SALE = "SALE"
    REVERSAL = "REVERSAL"
    CORRECTION = "CORRECTION"


class ReversalReason(StrEnum):
    RETURN = "RETURN"
    MISTAKE = "MISTAKE"


class Nature(StrEnum):
    """What a line of the day means to the books."""

    SALE = "SALE"
    # A red slip for a mistake of the same 営業日 and store: netted with the sales.
    MISTAKE = "MISTAKE"
    # A red slip for a mistake of another day or store: a reversal of its own.
    EARLIER_MISTAKE = "EARLIER_MISTAKE"
    RETURN = "RETURN"


class MovementDirection(StrEnum):
    PAID_IN = "PAID_IN"
    PAID_OUT = "PAID_OUT"
    # 過不足の原因判明: why an earlier day was short or over. No cash moves; 現金過不足 is cleared against the cause.
    SHORT_EXPLAINED = "SHORT_EXPLAINED"
    OVER_EXPLAINED = "OVER_EXPLAINED"

    @property
    def moves_cash(self) -> bool:
        return self in (MovementDirection.PAID_IN, MovementDirection.PAID_OUT)

    @property
    def is_inward(self) -> bool:
        """Whether the other account is credited, as that of a 入金 is."""
        return self in (MovementDirection.PAID_IN, MovementDirection.OVER_EXPLAINED)

    @property
    def clears_shortage(self) -> bool:
        """Whether, as 過不足の原因判明, it clears a 不足: nothing was recorded, or the cash was found and put in."""
        return self in (MovementDirection.PAID_IN, MovementDirection.SHORT_EXPLAINED)

    @property
    def position(self) -> int:
        return list(MovementDirection).index(self)


class ReasonPurpose(StrEnum):
    """What a reason that the portal chooses by itself is for."""

    CHOSEN = ""
    EXCHANGE = "EXCHANGE"
    PICKUP = "PICKUP"
    DIFFERENCE = "DIFFERENCE"
