"""仕訳設定 as people edit it: one choice per line of the mapping, by a name made of immutable codes."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from types import MappingProxyType

from closing.categories import PaymentKind, TaxCategory
from yayoi_link.accounts import (
    COUNTER_SIDES,
    MONEY_SIDES,
    OVER_SHORT,
    OVERAGE,
    SAFE,
    Account,
    Mapping,
    ReasonAccount,
    TaxAccounting,
    TaxWords,
)

OVERAGE_LINE, OVER_SHORT_LINE = "overage", "over_short"
PICKUP_LINE, FLOAT_ADJUSTMENT_LINE, FLOAT_LINE = "pickup", "float_adjustment", "float"
METHOD = "method/"
TAXED = frozenset({TaxCategory.STANDARD_10, TaxCategory.REDUCED_8})


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a line. An account without a name is one that nobody has chosen. Not `is_sent` is 送らない."""

    account: str = ""
    sub_account: str = ""
    per_store: bool = False
    per_method: bool = False
    is_sent: bool = True
    tax_category: str = ""
    returned_tax_category: str = ""
    business_type: str = ""

    def on_account_of(self, other: Choice) -> Choice:
        """Return this choice with the other's account, and everything else as it was chosen."""
        return replace(self, account=other.account, sub_account=other.sub_account, per_store=other.per_store, per_method=other.per_method)

    @property
    def as_account(self) -> Account | None:
        return Account(self.account, self.sub_account, self.per_store, self.per_method) if self.account else None

    @classmethod
    def of(cls, account: Account, *, is_sent: bool = True) -> Choice:
        return cls(account.name, account.sub_account, account.per_store, account.per_method, is_sent)


def money_line(kind: PaymentKind) -> str:
    return f"money/{kind}"


def method_line(code: str) -> str:
    return f"{METHOD}{code}"


def sales_line(category: TaxCategory) -> str:
    return f"sales/{category}"


def reason_line(code: str) -> str:
    return f"reason/{code}"


DEFAULTS = MappingProxyType(
    {
        **{money_line(kind): Choice.of(MONEY_SIDES[kind]) for kind in PaymentKind},
        **{sales_line(category): Choice.of(COUNTER_SIDES[category]) for category in TaxCategory},
        OVERAGE_LINE: Choice.of(OVERAGE),
        OVER_SHORT_LINE: Choice.of(OVER_SHORT),
        PICKUP_LINE: Choice.of(SAFE, is_sent=False),
        FLOAT_ADJUSTMENT_LINE: Choice.of(SAFE, is_sent=False),
        FLOAT_LINE: Choice.of(SAFE, is_sent=False),
    }
)


def mapping_from(
    chosen: MappingOf[str, Choice], reasons: MappingOf[str, ReasonAccount], *, tax_accounting: TaxAccounting, is_simplified: bool
) -> Mapping:
    """Return the mapping that the choices make: what nobody chose is as by default, a reason as its master says.

    `is_simplified`: 簡易課税, so that sales carry the 事業区分 of their category.
    """
    choices = {**DEFAULTS, **chosen}
    return Mapping(
        money_sides=_accounts(choices, {money_line(kind): kind for kind in PaymentKind}),
        counter_sides=_accounts(choices, {sales_line(category): category for category in TaxCategory}),
        methods=dict(_accounts_of_methods(choices)),
        reasons={**reasons, **dict(_chosen_reasons(choices, reasons))},
        cash=choices[money_line(PaymentKind.CASH)].as_account,
        overage=choices[OVERAGE_LINE].as_account,
        over_short=choices[OVER_SHORT_LINE].as_account,
        unsent_kinds=frozenset(kind for kind in PaymentKind if not choices[money_line(kind)].is_sent),
        unsent_categories=frozenset(category for category in TaxCategory if not choices[sales_line(category)].is_sent),
        methods_sent={line.removeprefix(METHOD): choice.is_sent for line, choice in choices.items() if line.startswith(METHOD)},
        sends_overage=choices[OVERAGE_LINE].is_sent,
        sends_over_short=choices[OVER_SHORT_LINE].is_sent,
        pickup=_if_sent(choices[PICKUP_LINE]),
        float_adjustment=_if_sent(choices[FLOAT_ADJUSTMENT_LINE]),
        float_handed_out=_if_sent(choices[FLOAT_LINE]),
        tax_accounting=tax_accounting,
        business_types={category: choices[sales_line(category)].business_type for category in TAXED} if is_simplified else {},
        tax_words={category: _tax_words(choices[sales_line(category)]) for category in TaxCategory},
        overage_tax_category=choices[OVERAGE_LINE].tax_category,
        over_short_tax_category=choices[OVER_SHORT_LINE].tax_category,
    )


def undecided_reasons(mapping: Mapping) -> tuple[str, ...]:
    """Return the codes of the reasons that hold a delivery as soon as somebody uses them."""
    return tuple(code for code, reason in mapping.reasons.items() if reason.is_sent and reason.account is None)


def categories_without_business_type(mapping: Mapping) -> tuple[TaxCategory, ...]:
    """Return the taxed categories whose sales name no 事業区分 although the company is under 簡易課税."""
    return tuple(category for category in TaxCategory if mapping.business_types.get(category, "-") == "")


def _accounts[Key](choices: MappingOf[str, Choice], names: MappingOf[str, Key]) -> dict[Key, Account]:
    return {key: account for line, key in names.items() if (account := choices[line].as_account)}


def _accounts_of_methods(choices: MappingOf[str, Choice]) -> Iterator[tuple[str, Account]]:
    for line, choice in choices.items():
        if line.startswith(METHOD) and (account := choice.as_account):
            yield line.removeprefix(METHOD), account


def _chosen_reasons(choices: MappingOf[str, Choice], reasons: MappingOf[str, ReasonAccount]) -> Iterator[tuple[str, ReasonAccount]]:
    for code, reason in reasons.items():
        if choice := choices.get(reason_line(code)):
            yield code, ReasonAccount(choice.as_account, reason.is_expense, choice.is_sent, choice.tax_category)


def _if_sent(choice: Choice) -> Account | None:
    return choice.as_account if choice.is_sent else None


def _tax_words(choice: Choice) -> TaxWords:
    return TaxWords(choice.tax_category, choice.returned_tax_category)
