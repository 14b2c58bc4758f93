"""Makes the papers: one pass over the frozen days writes 日計 and CSV and adds them up, then come the lists, and last the cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.template.loader import render_to_string
from django.utils import translation

from closing.figures import DayFigures
from yayoi_link.export_files import named_parts
from yayoi_link.export_words import changes_in_words, refusals_in_words
from yayoi_link.exporting import DayContent, Export, contents_of_days, export_contents
from yayoi_link.month_proof import file_totals
from yayoi_link.monthly_papers.archive import Archive
from yayoi_link.monthly_papers.correction_paper import correction_paper
from yayoi_link.monthly_papers.cover import equations, journal_lines, sum_concerns
from yayoi_link.monthly_papers.day_list_paper import day_list_paper
from yayoi_link.monthly_papers.delivery_paper import delivery_paper
from yayoi_link.monthly_papers.difference_paper import difference_paper
from yayoi_link.monthly_papers.late_paper import late_paper
from yayoi_link.monthly_papers.month_days import DayState
from yayoi_link.monthly_papers.month_sums import MonthSums
from yayoi_link.monthly_papers.scope import PapersScope
from yayoi_link.monthly_papers.situation import Situation, concerns, read_situation
from yayoi_link.monthly_papers.tables import Paper
from yayoi_link.monthly_papers.tax_paper import tax_paper
from yayoi_link.posting_sheet import posting_sheet

CSV_FOLDER, DAY_FOLDER = "07_弥生インポート形式", "08_日計"
NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def make_papers(scope: PapersScope) -> BinaryIO:
    """Return the ZIP as an open file. The same state of the books, taken by the same person, makes the same bytes."""
    with translation.override("ja"), Archive(scope.name) as archive:
        _write(archive, scope)
        return archive.finish()


def _write(archive: Archive, scope: PapersScope) -> None:
    situation, sums = read_situation(scope), MonthSums()
    exported = export_contents(_each_day(archive, scope, sums), scope.dialect)
    for name, part in named_parts(exported.parts, codes=scope.codes, dialect=scope.dialect):
        archive.write(f"{CSV_FOLDER}/{name}", [part.content])
    papers = list(_papers(scope, situation, sums))
    counts = [archive.write_paper(paper, {"scope": scope}) for paper in papers]
    listed = [(paper, list(_listed(paper, found))) for paper, found in zip(papers, counts, strict=True)]
    archive.write("00_表紙.html", [_cover(scope, situation, sums, exported, listed)])


def _papers(scope: PapersScope, situation: Situation, sums: MonthSums) -> Iterator[Paper]:
    yield day_list_paper(situation.days, sums.summaries)
    yield tax_paper(sums.by_store(scope), sums.total)
    yield difference_paper(scope)
    yield late_paper(scope)
    yield correction_paper(scope)
    yield delivery_paper(scope)


def _each_day(archive: Archive, scope: PapersScope, sums: MonthSums) -> Iterator[DayContent]:
    """Write and add up each day as it goes past on its way into the CSV, so that none is read twice and few are in memory."""
    for content in contents_of_days(scope.stores, first=scope.month, last=scope.last):
        figures = content.closing.figures
        sums.add(content, figures)
        archive.write(_day_name(content), [_day_page(scope, content, figures)])
        yield content


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


def _cover(scope: PapersScope, situation: Situation, sums: MonthSums, exported: Export, listed: list) -> str:
    files = file_totals(part.content for part in exported.parts) if exported.parts else None
    proved, refusals = list(equations(scope, sums, files)), refusals_in_words(exported.refused)
    has_changed = read_situation(scope).fingerprint != situation.fingerprint
    found = [*sum_concerns(sums, proved, refusals, has_changed=has_changed), *concerns(situation)]
    facts = {
        "scope": scope,
        "situation": situation,
        "concerns": sorted(found, key=lambda concern: concern.look),
        "states": [(state.value, situation.count(state)) for state in DayState],
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
