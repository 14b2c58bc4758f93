import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from stores.master_files.places import STORE_COLUMNS, STORES
from stores.master_files.reading import FileRefused, read_lines
from stores.spreadsheet import defused, restored

HEADER = "店舗コード,店舗名,締め時刻\n".encode()
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


def told(content):
    """Return what the reader says of the file: its lines, or the sentences of its refusal."""
    try:
        return read_lines(content, STORES, STORE_COLUMNS)
    except FileRefused as refused:
        return refused.args[0]


@given(st.binary(max_size=200) | st.binary(max_size=200).map(HEADER.__add__))
def test_whatever_is_chosen_as_a_file_is_read_or_refused_in_words(content):
    assert told(content)


@given(st.tuples(CELL.filter(bool), CELL, CELL))
def test_cells_are_read_as_they_were_written(cells):
    written = io.StringIO()
    csv.writer(written).writerow([defused(cell) for cell in cells])

    (line,) = told(HEADER + written.getvalue().encode())

    assert (line.number, tuple(line.cells.values())) == (2, cells)


@given(st.text(st.sampled_from("'=+-@\t＝店1")))
def test_what_was_defused_comes_back(text):
    assert restored(defused(text)) == text
