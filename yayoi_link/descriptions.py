"""摘要: a phrase that never changes for its line, what a movement was for, and a reference to store, day and revision."""

from dataclasses import dataclass
from datetime import date

from closing.categories import Nature, TaxCategory
from yayoi_link.writable import columns, shortened, writable

WIDTH = 64
RATE_WORDS = {
    TaxCategory.STANDARD_10: "10%",
    TaxCategory.REDUCED_8: "8%軽減",
    TaxCategory.EXEMPT: "非課税",
    TaxCategory.OUT_OF_SCOPE: "対象外",
    TaxCategory.EXPORT: "免税",
    TaxCategory.NON_SALES_VOUCHER: "自社商品券販売",
    TaxCategory.NON_SALES_DEPOSIT: "予約金",
    TaxCategory.NON_SALES_CUSTODY: "預り金",
    TaxCategory.NON_SALES_ADVANCE: "立替金",
}
CORRECTION = "訂正"
SALES_WORDS = {Nature.SALE: "売上", Nature.MISTAKE: "売上", Nature.EARLIER_MISTAKE: "取消", Nature.RETURN: "返品"}


@dataclass(frozen=True, slots=True)
class JournalContext:
    """Of which store, day and revision the journal speaks; codes and revision never change, the name may."""

    company_code: str
    store_code: str
    store_name: str
    business_date: date
    revision: int
    # Says 訂正 after the phrase: a row that corrects what was posted before.
    is_correction: bool = False

    @property
    def reference(self) -> str:
        return f"#{self.store_code}-{self.business_date:%y%m%d}-{self.revision}"


def sales_phrase(method_name: str, category: TaxCategory, nature: Nature) -> str:
    """Return e.g. 現金売上10%, 現金返品8%軽減, 現金予約金."""
    word = SALES_WORDS[nature]
    if not category.is_sales and word == "売上":
        word = ""
    return f"{method_name}{word}{RATE_WORDS[category]}"


def description(phrase: str, context: JournalContext, *details: str) -> str:
    """Return a 摘要 of at most 64 半角 columns: phrase, 訂正 where it corrects, details, store name, reference.

    Where it is too long the store's name gives way first, then the last detail, then the ones before it; the phrase only
    where nothing else is left. The reference stays whole. Raises UnwritableText.
    """
    if context.is_correction:
        phrase = f"{phrase} {CORRECTION}"
    parts = [writable(part) for part in (phrase, *details, context.store_name)]
    excess = columns(" ".join(part for part in (*parts, context.reference) if part)) - WIDTH
    for position in reversed(range(len(parts))):
        if excess <= 0:
            break
        before = _width_in_line(parts[position])
        parts[position] = shortened(parts[position], columns(parts[position]) - excess)
        excess -= before - _width_in_line(parts[position])
    return " ".join(part for part in (*parts, context.reference) if part)


def _width_in_line(part: str) -> int:
    return columns(part) + 1 if part else 0
