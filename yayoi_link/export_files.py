"""What a download of an export is called and made of: one CSV, or a ZIP of several, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yayoi_link.importfile import Dialect
from yayoi_link.importfile_parts import FilePart

# The earliest that a ZIP can say: the time of the download would make other bytes of the same days.
TIMELESS = (1980, 1, 1, 0, 0, 0)
CSV_TYPE, ZIP_TYPE = "text/csv; charset=Shift_JIS", "application/zip"


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    content: bytes
    content_type: str


def named_parts(parts: Sequence[FilePart], *, codes: Sequence[str], dialect: Dialect) -> Iterator[tuple[str, FilePart]]:
    """Yield (file name, part): yayoi-1000-0001-20260401-20260430-desktop.csv, with a number where there are several."""
    stem = "-".join(["yayoi", *codes])
    for number, part in enumerate(parts, start=1):
        period = f"{part.first:%Y%m%d}" if part.first == part.last else f"{part.first:%Y%m%d}-{part.last:%Y%m%d}"
        yield f"{stem}-{period}-{dialect}{f'-{number}' if len(parts) > 1 else ''}.csv", part


def download_of(parts: Sequence[FilePart], *, codes: Sequence[str], dialect: Dialect) -> Download:
    """Return the one file, or a ZIP of all of them. `codes` are those of company and store."""
    named = list(named_parts(parts, codes=codes, dialect=dialect))
    if len(named) == 1:
        [(name, part)] = named
        return Download(name, part.content, CSV_TYPE)
    return zip_of(parts, codes=codes, dialect=dialect)


def zip_of(parts: Sequence[FilePart], *, codes: Sequence[str], dialect: Dialect) -> Download:
    """Return a ZIP of all files, were it only one."""
    stem = "-".join(["yayoi", *codes])
    name = f"{stem}-{parts[0].first:%Y%m%d}-{parts[-1].last:%Y%m%d}-{dialect}.zip"
    return Download(name, _zipped(list(named_parts(parts, codes=codes, dialect=dialect))), ZIP_TYPE)


def _zipped(named: list[tuple[str, FilePart]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in named:
            archive.writestr(zipfile.ZipInfo(name, TIMELESS), part.content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
