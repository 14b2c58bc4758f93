"""摘要: a phrase that never changes for its line, what a movement was for, and a reference to store, day and revision."""

import re
from dataclasses import dataclass, replace
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
MARKS = re.compile(rf" {CORRECTION} (?:[0-9]{{2}}/[0-9]{{2}}/[0-9]{{2}}分 )?")
HALF_A_DATE = re.compile(r"(?:^| )[0-9]{2}/(?:[0-9]{2}/?[0-9]?|[0-9])?$")
# Their second word is the reason.
PHRASES_OF_TWO_WORDS = {"入金", "出金", "不足判明", "過剰判明"}
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
    # The date of the rows where it is not the 営業日, because that lies in a locked month.
    posted_on: date | None = None

    @property
    def row_date(self) -> date:
        return self.posted_on or self.business_date

    @property
    def marks(self) -> str:
        """What stands behind the phrase: 訂正, and the 営業日 where the row is dated otherwise."""
        original = f"{self.business_date:%y/%m/%d}分" if self.posted_on else ""
        return " ".join(filter(None, [CORRECTION if self.is_correction else "", original]))

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
    where nothing else is left. 訂正 and the reference stay whole. Raises UnwritableText.
    """
    parts = [writable(part) for part in (phrase, *details, context.store_name)]
    excess = columns(" ".join(filter(None, (*parts, context.marks, context.reference)))) - WIDTH
    for position in reversed(range(len(parts))):
        if excess <= 0:
            break
        before = _width_in_line(parts[position])
        parts[position] = _cut(parts[position], columns(parts[position]) - excess)
        excess -= before - _width_in_line(parts[position])
    phrase, *rest = parts
    return " ".join(filter(None, (phrase, context.marks, *rest, context.reference)))


def corrected(earlier: str, context: JournalContext) -> str:
    """Return the 摘要 of a row that corrects an earlier one: what that said, with the marks and the reference of `context`."""
    said = MARKS.sub(" ", earlier.rpartition(" ")[0] + " ").split()
    words = 2 if said[0] in PHRASES_OF_TWO_WORDS else 1
    return description(" ".join(said[:words]), replace(context, store_name=" ".join(said[words:])))


def _cut(part: str, width: int) -> str:
    """Shorten to so many columns. Half a date says another day: it is left out."""
    cut = shortened(part, width)
    return HALF_A_DATE.sub("", cut) if cut != part else part


def _width_in_line(part: str) -> int:
    return columns(part) + 1 if part else 0
