import json
from hashlib import sha256

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from ninja import Router, Schema

from closing.api.calls import PROBLEMS
from closing.cash import DENOMINATIONS
from closing.models import CashReason, PaymentMethod
from closing.tax import RULES
from stores.models import Register, Staff

router = Router(tags=["master"])


class StoreOut(Schema):
    code: str
    name: str
    closes_at: str
    difference_tolerance: int


class RegisterOut(Schema):
    number: int
    name: str
    is_in_use: bool


class MethodOut(Schema):
    code: str
    name: str
    kind: str


class ReasonOut(Schema):
    code: str
    name: str
    for_paid_in: bool
    for_paid_out: bool
    is_expense: bool


class PersonOut(Schema):
    code: str
    name: str


class TaxRuleOut(Schema):
    """From which 営業日 on a category has this percentage of tax in it, and whether it is sold."""

    category: str
    first_day: str
    percent: int
    is_sold: bool


class MasterOut(Schema):
    version: int
    store: StoreOut
    register_number: int
    registers: list[RegisterOut]
    payment_methods: list[MethodOut]
    cash_reasons: list[ReasonOut]
    staff: list[PersonOut]
    taxes: list[TaxRuleOut]
    denominations: list[int]


@router.get("/master", response={200: MasterOut, 304: None} | PROBLEMS, operation_id="get_master", summary="Fetch the master data")
def get_master(request):
    """Fetching it is the マスタ同期 of the register. With `If-None-Match` it is sent only when it has changed."""
    register = request.auth
    content = json.dumps(master_of(register), ensure_ascii=False)
    etag = f'"{sha256(content.encode()).hexdigest()[:32]}"'
    # The version was read before the content: what changed in between makes the register due once more.
    fetched = Register.objects.filter(pk=register.pk).exclude(synced_version=register.store.master_version)
    fetched.update(synced_version=register.store.master_version, synced_at=timezone.now())
    if {etag, "*"} & set(parse_etags(request.headers.get("If-None-Match", ""))):
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(content, content_type="application/json", headers={"ETag": etag, "Cache-Control": "private, no-cache"})


def master_of(register):
    store, company = register.store, register.store.company_id
    return {
        "version": store.master_version,
        "store": {
            "code": store.code,
            "name": store.name,
            "closes_at": f"{store.closes_at:%H:%M}",
            "difference_tolerance": store.difference_tolerance,
        },
        "register_number": register.number,
        "registers": [{"number": each.number, "name": each.name, "is_in_use": not each.retired_on} for each in store.registers.all()],
        "payment_methods": list(PaymentMethod.objects.filter(company=company).in_use().values("code", "name", "kind")),
        "cash_reasons": list(
            CashReason.objects.filter(company=company).in_use().chosen().values("code", "name", "for_paid_in", "for_paid_out", "is_expense")
        ),
        "staff": list(Staff.objects.working_at(store).order_by("code", "pk").values("code", "name")),
        "taxes": [{**rule._asdict(), "category": rule.category.value, "first_day": rule.first_day.isoformat()} for rule in RULES],
        "denominations": list(DENOMINATIONS),
    }
