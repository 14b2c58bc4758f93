"""How a company begins: itself, its 管理店舗, and the first person who can sign in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stores import audit
from stores.audit import AuditAction
from stores.models import Company, Role, Staff, Store
from stores.passwords import initial_password
from stores.signals import company_founded

HEAD_OFFICE_CODE = "0000"
ADMINISTRATOR_CODE = "0001"


@transaction.atomic
def create_company(code: str, name: str, *, at: datetime, operator: Staff | None = None) -> tuple[Staff, str]:
    """Make a company that its first administrator can sign in to; return him and his initial password.

    Raises ValidationError with a sentence for people when the code is taken or malformed.
    """
    company = Company(code=code, name=name)
    company.full_clean()
    company.save()
    password = found(company, at=at, operator=operator)
    return Staff.objects.select_related("company").get(company=company, code=ADMINISTRATOR_CODE), password


def found(company: Company, *, at: datetime, operator: Staff | None) -> str:
    """Give a saved company its 管理店舗 and first administrator; return the initial password."""
    password = initial_password()
    Store.objects.create(company=company, code=HEAD_OFFICE_CODE, name=_("本部"), kind=Store.Kind.HEAD_OFFICE)
    Staff.objects.create_staff(
        company, ADMINISTRATOR_CODE, password, name=_("企業管理者"), role=Role.COMPANY_ADMIN, must_change_password=True
    )
    company_founded.send(sender=Company, company=company)
    audit.record(AuditAction.COMPANY_CREATED, actor=operator, company=company, subject=str(company), at=at)
    return password
