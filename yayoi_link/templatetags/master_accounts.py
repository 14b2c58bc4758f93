"""Which account 支払方法 and 入出金理由 take at the outside, for the pages of マスタ."""

from dataclasses import dataclass

from django import template
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from closing.categories import PaymentKind
from closing.models import PaymentMethod
from yayoi_link.account_choices import method_line, money_line, reason_line
from yayoi_link.accounts import Account, Mapping
from yayoi_link.company_accounts import company_settings, mapping_with

register = template.Library()


@dataclass(frozen=True, slots=True)
class AccountsInForce:
    """The company's mapping of today; `lines` are those that somebody chose in 仕訳設定."""

    mapping: Mapping
    lines: frozenset[str]


@dataclass(frozen=True, slots=True)
class TakenAccount:
    """`words` is empty where nobody decided, `is_chosen` where 仕訳設定 says it."""

    words: str
    is_sent: bool
    is_chosen: bool


@register.simple_tag
def accounts_in_force(company):
    settings = company_settings(company, on=localdate())
    return AccountsInForce(mapping_with(company, settings, {}), frozenset(settings.choices))


@register.filter
def account_of(in_force, row):
    return account_of_method(in_force, row) if isinstance(row, PaymentMethod) else account_of_reason(in_force, row)


@register.inclusion_tag("yayoi_link/account_in_force.html")
def account_in_force(row):
    return {"taken": account_of(accounts_in_force(row.company), row), "is_reason": not isinstance(row, PaymentMethod)}


def account_of_method(in_force, method):
    kind = PaymentKind(method.kind)
    lines = {method_line(method.code), money_line(kind)}
    account = in_force.mapping.money_side(kind, method.code)
    return TakenAccount(
        in_words(account, method.name), in_force.mapping.sends_payment(kind, method.code), not lines.isdisjoint(in_force.lines)
    )


def account_of_reason(in_force, reason):
    taken = in_force.mapping.reason(reason.code)
    return TakenAccount(in_words(taken.account), taken.is_sent, reason_line(reason.code) in in_force.lines)


def in_words(account: Account | None, method_name=""):
    if account is None:
        return ""
    sub_account = method_name if account.per_method else account.sub_account
    return _("／").join(filter(None, [account.name, sub_account]))
