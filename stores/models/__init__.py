from stores.models.history import AuditEntry
from stores.models.people import Role, Staff
from stores.models.places import Company, Register, Store

__all__ = ["AuditEntry", "Company", "Register", "Role", "Staff", "Store"]
