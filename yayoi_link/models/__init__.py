from yayoi_link.models.accounts import AccountLine, AccountVersion
from yayoi_link.models.breakers import LinkBreaker
from yayoi_link.models.bulk import BulkItem
from yayoi_link.models.checks import LinkCheck
from yayoi_link.models.deliveries import Delivery
from yayoi_link.models.history import Attempt, Decision, Outcome
from yayoi_link.models.links import YayoiLink
from yayoi_link.models.mornings import MorningCheck
from yayoi_link.models.workers import JournalledDay, WorkerSighting

__all__ = [
    "AccountLine",
    "AccountVersion",
    "Attempt",
    "BulkItem",
    "Decision",
    "Delivery",
    "JournalledDay",
    "LinkBreaker",
    "LinkCheck",
    "MorningCheck",
    "Outcome",
    "WorkerSighting",
    "YayoiLink",
]
