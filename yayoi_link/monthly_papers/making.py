"""Makes the papers: one pass over the frozen days writes 日計 and CSV and adds them up, then come the lists, and last the cover."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from django.template.loader import render_to_string

from closing.figures import DayFigures
from yayoi_link.day_contents import DayContent, closings_of_days, contents_of
from yayoi_link.export_files import named_parts
from yayoi_link.export_words import changes_in_words, refusals_in_words
from yayoi_link.exporting import Export, Gathering
from yayoi_link.mappings_of_period import MappingsOfPeriod
from yayoi_link.month_proof import file_totals
from yayoi_link.monthly_papers.archive import Archive
from yayoi_link.monthly_papers.correction_paper import correction_paper
from yayoi_link.monthly_papers.cover import equations, journal_lines, sum_concerns
from yayoi_link.monthly_papers.day_list_paper import day_list_paper
from yayoi_link.monthly_papers.delivery_paper import delivery_paper
from yayoi_link.monthly_papers.difference_paper import difference_paper
from yayoi_link.monthly_papers.late_paper import late_paper
from yayoi_link.monthly_papers.month_days import DayState, MonthDay, month_days
from yayoi_link.monthly_papers.month_sums import MonthSums
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.situation import Situation, concerns, fingerprint_of, last_closed_at, read_situation
from yayoi_link.monthly_papers.tables import Paper
from yayoi_link.monthly_papers.tax_paper import tax_paper
from yayoi_link.monthly_papers.unclear_paper import unclear_paper
from yayoi_link.posting_sheet import posting_sheet

# Few: while a piece is written, nobody else writes to SQLite.
DAYS_AT_ONCE = 5
LISTS = 7
CSV_FOLDER, DAY_FOLDER = "08_弥生インポート形式", "09_日計"
NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def papers_in_pieces(scope: PapersScope, archive: Archive) -> Iterator[int]:
    """Write the papers into the archive, and yield after each piece how many of them it was; all of them are `paper_count`.

    The same state of the books, taken by the same person, makes the same bytes. Each piece reads for itself, so that a transaction
    may end between two of them; whatever changes meanwhile is said on the cover.
    """
    situation, fingerprint, days = read_situation(scope), fingerprint_of(scope), month_days(scope)
    sums, gathering = MonthSums(), Gathering(scope.dialect)
    for contents in _days(scope):
        for content in contents:
            _write_day(archive, scope, content, sums)
            gathering.add(content)
        yield len(contents)
    exported, listed = gathering.export(), []
    for name, part in named_parts(exported.parts, codes=scope.codes, dialect=scope.dialect):
        archive.write(f"{CSV_FOLDER}/{name}", [part.content])
    for paper in _lists(scope, days, sums):
        listed.append((paper, list(_listed(paper, archive.write_paper(paper, {"scope": scope})))))
        yield 1
    archive.write("00_表紙.html", [_cover(scope, situation, fingerprint, sums, exported, listed)])
    yield 1


def paper_count(scope: PapersScope) -> int:
    """Return how many papers there are to print: 日計, lists and the cover."""
    return closings_of_days(scope.stores, first=scope.month, last=scope.last).count() + LISTS + 1


def _lists(scope: PapersScope, days: list[MonthDay], sums: MonthSums) -> Iterator[Paper]:
    yield day_list_paper(days, sums.summaries)
    yield tax_paper(sums.by_store(scope), sums.total)
    yield difference_paper(scope)
    yield late_paper(scope)
    yield correction_paper(scope)
    yield delivery_paper(scope)
    yield unclear_paper(scope)


def _days(scope: PapersScope) -> Iterator[list[DayContent]]:
    """Read a few days at a time, so that few are in memory and no query is open between two pieces."""
    closings = closings_of_days(scope.stores, first=scope.month, last=scope.last)
    mappings = MappingsOfPeriod(scope.stores, last=scope.last)
    for keys in batched(list(closings.values_list("pk", flat=True)), DAYS_AT_ONCE):
        yield contents_of(closings.filter(pk__in=keys), mappings)


def _write_day(archive: Archive, scope: PapersScope, content: DayContent, sums: MonthSums) -> None:
    """Write and add up a day as it goes past on its way into the CSV, so that none is read twice."""
    figures = content.closing.figures
    sums.add(content, figures)
    archive.write(_day_name(content), [_day_page(scope, content, figures)])


def _day_name(content: DayContent) -> str:
    store = content.day.store
    folder = f"{store.code}_{store.name}".translate(NOT_IN_NAMES).rstrip(". ")
    return f"{DAY_FOLDER}/{folder}/{content.day.date:%Y-%m-%d}_日計.html"


def _day_page(scope: PapersScope, content: DayContent, figures: DayFigures) -> str:
    return render_to_string(
        "yayoi_link/papers/day.html",
        {
            "scope": scope,
            "day": content.day,
            "closing": content.closing,
            "figures": figures,
            "sheet": posting_sheet(content.entries, figures, left_out=content.left_out),
            "missing": content.missing,
        },
    )


def _listed(paper: Paper, counts: dict[str, int]) -> Iterator[tuple[str, str, int]]:
    for table in paper.tables:
        yield table.title, paper.csv_name(table), counts[table.title]


def _cover(scope: PapersScope, situation: Situation, fingerprint: str, sums: MonthSums, exported: Export, listed: list) -> str:
    """`situation` and `fingerprint` are from the beginning."""
    has_changed = fingerprint_of(scope) != fingerprint
    files = file_totals(part.content for part in exported.parts) if exported.parts else None
    proved, refusals = list(equations(scope, sums, files)), refusals_in_words(exported.refused)
    found = [*sum_concerns(sums, proved, refusals, has_changed=has_changed), *concerns(situation)]
    facts = {
        "scope": scope,
        "situation": situation,
        "fingerprint": fingerprint,
        "last_closed_at": last_closed_at(scope),
        "concerns": sorted(found, key=lambda concern: concern.look),
        "states": [(state.value, situation.days[state]) for state in DayState],
        "stores": sums.by_store(scope),
        "sums": sums,
        "files": files,
        "equations": proved,
        "journal": journal_lines(sums.margins),
        "exported": exported,
        "refusals": refusals,
        "changes": changes_in_words(exported),
        "listed": listed,
    }
    return render_to_string("yayoi_link/papers/cover.html", facts)
