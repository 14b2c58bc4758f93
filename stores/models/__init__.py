from stores.models.history import AuditEntry
from stores.models.jobs import Job, JobFile
from stores.models.notices import Mail, Notice, Told
from stores.models.people import Role, Staff
from stores.models.places import Company, Register, Store
from stores.models.sign_in import SignInThrottle
from stores.models.tokens import RegisterToken

__all__ = [
    "AuditEntry",
    "Company",
    "Job",
    "JobFile",
    "Mail",
    "Notice",
    "Register",
    "RegisterToken",
    "Role",
    "SignInThrottle",
    "Staff",
    "Store",
    "Told",
]
