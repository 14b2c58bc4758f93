"""A register as a client of the API, and what it sends."""

import uuid
from dataclasses import dataclass

from django.test import Client

DAY = "2026-04-01"
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class CallingRegister:
    client: Client
    token: str

    def get(self, path, **headers):
        return self.client.get(f"{API}{path}", headers={"Authorization": f"Bearer {self.token}"} | headers)

    def post(self, path, sent):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.post(f"{API}{path}", sent, content_type="application/json", headers=headers)

    def send(self, *slips):
        return self.post("/slips", {"slips": list(slips)}).json()["results"]

    def move(self, *movements):
        return self.post("/cash-movements", {"movements": list(movements)}).json()["results"]

    def statuses(self, *slips):
        return [result["status"] for result in self.send(*slips)]

    def open(self, day=DAY, **changes):
        return self.post(f"/days/{day}/open", {"opening_float": 30_000, "staff_code": "0102"} | changes)

    def close(self, day=DAY, actual_cash=30_000, **changes):
        count = {"actual_cash": actual_cash, "counts": None, "carry_over": 30_000, "reason": "", "staff_code": "0102"}
        return self.post(f"/days/{day}/close", count | changes)


def slip(number, amount=1100, method="CASH", **changes):
    sent = {
        "number": number,
        "kind": "SALE",
        "business_date": DAY,
        "issued_at": "2026-04-01T12:34:56+09:00",
        "staff_code": "0102",
        "reverses": None,
        "reason": None,
        "taxes": [{"category": "STANDARD_10", "amount": amount, "tax": amount // 11}],
        "payments": [{"method": method, "amount": amount, "tendered": 0, "change": 0}],
        "discount": 0,
        "service_charge": 0,
        "points": 0,
        "guests": 1,
    }
    return sent | changes


def red_slip(number, original, amount=1100, **changes):
    reverses = {"store": "0001", "register": 1, "business_date": DAY, "number": original}
    tax = amount // 11
    return slip(
        number,
        kind="REVERSAL",
        reverses=reverses,
        reason="RETURN",
        taxes=[{"category": "STANDARD_10", "amount": -amount, "tax": -tax}],
        payments=[{"method": "CASH", "amount": -amount}],
        guests=0,
        **changes,
    )


def movement(**changes):
    sent = {
        "id": str(uuid.uuid4()),
        "business_date": DAY,
        "occurred_at": "2026-04-01T13:00:00+09:00",
        "direction": "PAID_OUT",
        "reason": "0003",
        "amount": 880,
        "staff_code": "0102",
        "payee": "道玄坂文具店",
        "receipt_date": DAY,
        "registration_no": "",
        "reduced_amount": 0,
        "memo": "伝票用紙",
    }
    return sent | changes
