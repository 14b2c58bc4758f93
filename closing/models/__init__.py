from closing.models.closings import Closing, ClosingLine, ClosingRegister, DifferenceSeen
from closing.models.days import BusinessDay, RegisterDay
from closing.models.drafts import CountDraft
from closing.models.handover import HandoverNote
from closing.models.holidays import Holiday
from closing.models.interim import InterimCount
from closing.models.kept import KeptDecision, KeptSlip
from closing.models.masters import CashReason, PaymentMethod
from closing.models.months import MonthDecision, MonthLock
from closing.models.movements import CashMovement, MovementCancellation
from closing.models.rounding import RoundingChoice
from closing.models.slips import AcceptedExcess, Slip, SlipPayment, SlipSplit, SlipTax
from closing.models.uploads import SlipFileRemark

__all__ = [
    "AcceptedExcess",
    "BusinessDay",
    "CashMovement",
    "CashReason",
    "Closing",
    "ClosingLine",
    "ClosingRegister",
    "CountDraft",
    "DifferenceSeen",
    "HandoverNote",
    "Holiday",
    "InterimCount",
    "KeptDecision",
    "KeptSlip",
    "MonthDecision",
    "MonthLock",
    "MovementCancellation",
    "PaymentMethod",
    "RegisterDay",
    "RoundingChoice",
    "Slip",
    "SlipFileRemark",
    "SlipPayment",
    "SlipSplit",
    "SlipTax",
]
