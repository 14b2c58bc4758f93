from stores.models.history import AuditEntry
from stores.models.jobs import Job, JobFile
from stores.models.notices import Mail, Notice, Told
from stores.models.people import Language, Role, Staff
from stores.models.places import Company, Register, Store
from stores.models.second_factor import RecoveryCode, SecondFactor
from stores.models.sign_in import SignInThrottle
from stores.models.tokens import RegisterToken

__all__ = [
    "AuditEntry",
    "Company",
    "Job",
    "JobFile",
    "Language",
    "Mail",
    "Notice",
    "RecoveryCode",
    "Register",
    "RegisterToken",
    "Role",
    "SecondFactor",
    "SignInThrottle",
    "Staff",
    "Store",
    "Told",
]
