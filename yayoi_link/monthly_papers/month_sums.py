"""What the pass over the days adds up. It keeps sums and one line per day, never the days themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from closing.figures import DayFigures
from closing.month_figures import MonthFigures, added
from stores.models import Store
from yayoi_link.exporting import DayContent
from yayoi_link.month_proof import Margins, margins_of_day, together
from yayoi_link.monthly_papers.day_list_paper import DaySummary, summary_of
from yayoi_link.monthly_papers.scope import PapersScope


@dataclass(slots=True)
class MonthSums:
    """`entry_total` is the sum of the amounts of all journal entries in yen, each counted once: what debit and credit must be."""

    total: MonthFigures = field(default_factory=MonthFigures)
    margins: Margins = field(default_factory=dict)
    summaries: dict[int, DaySummary] = field(default_factory=dict)
    entry_count: int = 0
    entry_total: int = 0
    # Lines for which nobody has chosen an account.
    missing: int = 0
    _by_store: dict[Store, MonthFigures] = field(default_factory=dict)

    def add(self, content: DayContent, figures: DayFigures) -> None:
        """Add one closed day, its figures and the entries of its journal."""
        store = content.day.store
        margins = margins_of_day(figures, content.entries, left_out=content.left_out, missing=content.missing)
        self._by_store[store] = added(self._by_store.get(store, MonthFigures()), figures)
        self.total = added(self.total, figures)
        self.margins = together(self.margins, margins)
        self.summaries[content.day.pk] = summary_of(content.closing, figures, margins)
        self.entry_count += len(content.entries)
        self.entry_total += sum(entry.amount for entry in content.entries)
        self.missing += len(content.missing)

    def by_store(self, scope: PapersScope) -> dict[Store, MonthFigures]:
        """Return the sums of each store that has a 日計, in the order of the scope."""
        return {store: self._by_store[store] for store in scope.stores if store in self._by_store}

    @property
    def unequal_days(self) -> int:
        """How many days do not add up in themselves, or have a journal that says something else."""
        return sum(not summary.adds_up for summary in self.summaries.values())
