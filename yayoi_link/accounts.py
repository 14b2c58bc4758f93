"""The account mapping: which 勘定科目, 補助科目, 部門 and 税区分 each line of the journal takes."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from closing.categories import Nature, PaymentKind, TaxCategory

OUT_OF_SCOPE = "対象外"


class TaxAccounting(StrEnum):
    """How the company keeps its books (経理方式)."""

    INCLUSIVE = "INCLUSIVE"
    EXCLUSIVE = "EXCLUSIVE"
    # 免税事業者
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Account:
    """勘定科目 and 補助科目; `per_store` carries the store as 部門, `per_method` the payment method as 補助科目."""

    name: str
    sub_account: str = ""
    per_store: bool = False
    per_method: bool = False


@dataclass(frozen=True, slots=True)
class TaxWords:
    """税区分 that the company wrote itself, for sales and for returns; empty is what its 経理方式 makes of the category."""

    sale: str = ""
    returned: str = ""


@dataclass(frozen=True, slots=True)
class ReasonAccount:
    """The other side of a 入金 or 出金. An expense is posted per rate, with the 税区分 of a purchase unless the company wrote its own."""

    account: Account | None
    is_expense: bool = False
    is_sent: bool = True
    tax_category: str = ""


CASH = Account("現金", per_store=True)
RECEIVABLE = Account("売掛金", per_store=True, per_method=True)
ADVANCES = Account("前受金")
SALES = Account("売上高", per_store=True)
OVER_SHORT = Account("現金過不足")
OVERAGE = Account("雑収入")
DRAWER = "レジ"
SAFE = Account("現金", "金庫", per_store=True)

MONEY_SIDES = MappingProxyType(
    {
        **dict.fromkeys(PaymentKind, RECEIVABLE),
        PaymentKind.CASH: CASH,
        PaymentKind.OWN_VOUCHER: ADVANCES,
        PaymentKind.DEPOSIT: ADVANCES,
    }
)
COUNTER_SIDES = MappingProxyType(
    {
        **{category: SALES for category in TaxCategory if category.is_sales},
        TaxCategory.NON_SALES_VOUCHER: ADVANCES,
        TaxCategory.NON_SALES_DEPOSIT: ADVANCES,
        TaxCategory.NON_SALES_CUSTODY: Account("預り金"),
        TaxCategory.NON_SALES_ADVANCE: Account("立替金"),
    }
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One version of a company's mapping. Every lookup answers None for what nobody has decided."""

    money_sides: MappingOf[PaymentKind, Account] = MONEY_SIDES
    counter_sides: MappingOf[TaxCategory, Account] = COUNTER_SIDES
    reasons: MappingOf[str, ReasonAccount] = field(default_factory=dict)
    cash: Account | None = CASH
    overage: Account | None = OVERAGE
    over_short: Account | None = OVER_SHORT
    # 送らない, beside the reasons, which say it themselves. What a method says goes before what its kind says.
    unsent_kinds: frozenset[PaymentKind] = frozenset()
    unsent_categories: frozenset[TaxCategory] = frozenset()
    methods_sent: MappingOf[str, bool] = field(default_factory=dict)
    sends_overage: bool = True
    sends_over_short: bool = True
    # Only where somebody chose to send them: the bank's own feed posts what was paid in there.
    pickup: Account | None = None
    float_adjustment: Account | None = None
    float_handed_out: Account | None = None
    methods: MappingOf[str, Account] = field(default_factory=dict)
    tax_accounting: TaxAccounting = TaxAccounting.INCLUSIVE
    # 簡易課税: 事業区分 一 to 六 per category, which stands between 込 or 内 and the rate.
    business_types: MappingOf[TaxCategory, str] = field(default_factory=dict)
    tax_words: MappingOf[TaxCategory, TaxWords] = field(default_factory=dict)
    # 税区分 that the company wrote itself for what is no sale; empty is 対象外.
    overage_tax_category: str = ""
    over_short_tax_category: str = ""

    def money_side(self, kind: PaymentKind, method: str = "") -> Account | None:
        return self.methods.get(method) or self.money_sides.get(kind)

    def counter_side(self, category: TaxCategory) -> Account | None:
        return self.counter_sides.get(category)

    def reason(self, code: str) -> ReasonAccount | None:
        return self.reasons.get(code)

    def sends_payment(self, kind: PaymentKind, method: str) -> bool:
        return self.methods_sent.get(method, kind not in self.unsent_kinds)

    def sends_sale(self, kind: PaymentKind, method: str, category: TaxCategory) -> bool:
        """Say whether what a method paid of a category is sent: only what both say is sent."""
        return category not in self.unsent_categories and self.sends_payment(kind, method)

    @property
    def drawer(self) -> Account | None:
        """現金 of the registers, told apart from 金庫 by its 補助科目."""
        if self.cash is None or self.cash.sub_account:
            return self.cash
        return replace(self.cash, sub_account=DRAWER)

    @property
    def carries_tax(self) -> bool:
        """Only 税抜経理 wants to know the tax of a line."""
        return self.tax_accounting is TaxAccounting.EXCLUSIVE

    def sales_tax_category(self, category: TaxCategory, nature: Nature) -> str:
        """Return the 税区分 of a sale, or of a return; a mistake has the one of the sale that it reverses."""
        words = self.tax_words.get(category, TaxWords())
        own = words.returned if nature is Nature.RETURN else words.sale
        if own or self.tax_accounting is TaxAccounting.NONE or category not in _SALES_STEMS:
            return self.own_tax_category(own)
        stem, returned, rate = _SALES_STEMS[category]
        return self._with_rate(returned if nature is Nature.RETURN else stem, rate, self.business_types.get(category, ""))

    def own_tax_category(self, written: str) -> str:
        """Return the 税区分 that somebody wrote; 対象外 where nobody did, and for who pays no consumption tax."""
        return OUT_OF_SCOPE if self.tax_accounting is TaxAccounting.NONE or not written else written

    def purchase_tax_category(self, category: TaxCategory, *, receipt_date: date, is_qualified: bool) -> str:
        """Return the 税区分 of an expense at 10 % or 8 %.

        A receipt without 登録番号 is deductible by a share that sinks with the receipt's date; afterwards the suffix is
        left out, because Yayoi's word for "no deduction" is not settled.
        """
        if self.tax_accounting is TaxAccounting.NONE:
            return OUT_OF_SCOPE
        suffix = "適格" if is_qualified else deductible_share(receipt_date)
        return self._with_rate("課対仕入", _RATES[category]) + suffix

    def _with_rate(self, stem: str, rate: str, business_type: str = "") -> str:
        if not rate:
            return stem
        return f"{stem}{'内' if self.carries_tax else '込'}{business_type}{rate}"


_RATES = {TaxCategory.STANDARD_10: "10%", TaxCategory.REDUCED_8: "軽減8%"}
_SALES_STEMS = {
    TaxCategory.STANDARD_10: ("課税売上", "課税売返", "10%"),
    TaxCategory.REDUCED_8: ("課税売上", "課税売返", "軽減8%"),
    TaxCategory.EXEMPT: ("非課売上", "非課売返", ""),
    TaxCategory.EXPORT: ("輸出売上", "輸出売返", ""),
}
# Last day on a receipt, and the share of its tax that is still deductible: 経過措置 as of 令和8年度.
_SHARES = (
    (date(2026, 9, 30), "区分80%"),
    (date(2028, 9, 30), "区分70%"),
    (date(2030, 9, 30), "区分50%"),
    (date(2031, 9, 30), "区分30%"),
)


def rate_of(tax_category: str) -> TaxCategory | None:
    """Return the rate that a 税区分 of Yayoi names, None where it names neither of the present ones."""
    return next((category for category, rate in _RATES.items() if rate in tax_category), None)


def deductible_share(receipt_date: date) -> str:
    """Return 区分80% … 区分30% for a receipt without 登録番号, empty once nothing is deductible."""
    return next((share for last_day, share in _SHARES if receipt_date <= last_day), "")
