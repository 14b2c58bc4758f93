"""The account mapping of a store: the defaults, and what its company's 入出金理由 say."""

from closing.models import CashReason
from stores.models import Store
from yayoi_link.accounts import Account, Mapping, ReasonAccount


def mapping_of(store: Store) -> Mapping:
    """Return the store's mapping. A reason without an account stays undecided and holds the delivery."""
    reasons = CashReason.objects.filter(company=store.company_id)
    return Mapping(reasons={reason.code: _reason_account(reason) for reason in reasons})


def _reason_account(reason):
    account = Account(reason.account, reason.sub_account) if reason.account else None
    return ReasonAccount(account=account, is_expense=reason.is_expense, is_sent=reason.is_sent)
