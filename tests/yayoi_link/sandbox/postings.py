"""A posting as the portal would make it."""

import uuid


def make_transaction(**changes):
    return {
        "key": "sales/CASH/STANDARD_10",
        "date": "2026-04-01",
        "direction": "income",
        "amount": 110000,
        "description": "現金売上10% 渋谷店 #0001-260401-1",
        "payment_account": {"account": "現金", "sub_account": "", "department": "渋谷店"},
        "counter_account": {"account": "売上高", "sub_account": "", "department": "渋谷店", "tax_category": "課税売上込10%"},
        "tax_amount": 0,
        "reduced_tax_rate": False,
    } | changes


def make_batch(transactions, **changes):
    return {
        "id": str(uuid.uuid4()),
        "company_code": "1000",
        "store_code": "0001",
        "store_name": "渋谷店",
        "business_date": "2026-04-01",
        "revision": 1,
        "generation": 1,
        "mode": "full",
        "closed_at": "2026-04-01T22:10:03+09:00",
        "transaction_count": len(transactions),
        "income": sum(row["amount"] for row in transactions if row["direction"] == "income"),
        "expense": sum(row["amount"] for row in transactions if row["direction"] == "expense"),
    } | changes


def make_posting(*transactions, **batch_changes):
    transactions = list(transactions) or [make_transaction()]
    return {"format": "regi-admin.smart-import/1", "batch": make_batch(transactions, **batch_changes), "transactions": transactions}
