"""The cells of one line of a slip CSV, read as what they should be; what cannot be read is collected, not raised."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from unicodedata import normalize

from closing.slip_content import OriginalSlip, Problem, ProblemCode

# A time without an offset was printed by a till in Japan.
JAPAN = timezone(timedelta(hours=9))
# As spreadsheets write money: 1100, ¥1,100, -¥1,100, ¥-1,100, 1,100円, ▲1,100.
WHOLE_YEN = re.compile(r"(?P<sign>[-−▲△]?¥?|¥-)(?P<figures>[0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})円?")
DAY = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))")
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?")
ORIGINAL = re.compile(r"(?P<store>.+?)-(?P<register>[0-9]{1,4})-(?P<day>[0-9]{8})-(?P<number>.+)")
FIRST_YEAR, LAST_YEAR = 2000, 2100
NO_MOMENT = datetime(FIRST_YEAR, 1, 1, tzinfo=JAPAN)


def normalized(cell: str) -> str:
    """Return the cell as half-width text without blanks around it: what a spreadsheet made of it does not matter."""
    return normalize("NFKC", cell).strip()


class Cells:
    """Reads cells by column name. A missing or blank optional cell is 0, None or empty."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: normalized(value) for name, value in values.items()}
        self.names = tuple(values)
        self.problems: list[Problem] = []

    def report(self, code: ProblemCode, column: str, value: str = "") -> None:
        self.problems.append(Problem(code, column, value[:40]))

    def text(self, column: str) -> str:
        return self._values.get(column, "")

    def code(self, column: str) -> str:
        return self._cell(column, required=True)

    def _cell(self, column: str, *, required: bool = False) -> str:
        value = self.text(column)
        if required and not value:
            self.report(ProblemCode.REQUIRED, column)
        return value

    def number(self, column: str, *, required: bool = False) -> int:
        value = self._cell(column, required=required)
        if not value:
            return 0
        number = read_number(value)
        if number is None:
            self.report(ProblemCode.NOT_A_NUMBER, column, value)
        return number or 0

    def choice[Meaning](self, column: str, meanings: Mapping[str, Meaning], code: ProblemCode, *, required: bool = False) -> Meaning | None:
        value = self._cell(column, required=required)
        if value and value not in meanings:
            self.report(code, column, value)
        return meanings.get(value)

    def day(self, column: str) -> date:
        value = self._cell(column, required=True)
        day = read_day(value)
        if value and not day:
            self.report(ProblemCode.NOT_A_DATE, column, value)
        return day or date.min

    def moment(self, column: str) -> datetime:
        value = self._cell(column, required=True)
        moment = read_moment(value)
        if value and not moment:
            self.report(ProblemCode.NOT_A_TIME, column, value)
        return moment or NO_MOMENT

    def original(self, column: str) -> OriginalSlip | None:
        value = self._cell(column)
        original = read_original(value)
        if value and not original:
            self.report(ProblemCode.NOT_AN_ORIGINAL, column, value)
        return original


def read_number(text: str) -> int | None:
    """Return the whole number of 1100, 1,100, ¥1,100, 1,100円 or ▲1,100, None for anything else."""
    match = WHOLE_YEN.fullmatch(text)
    if not match:
        return None
    number = int(match["figures"].replace(",", ""))
    return -number if match["sign"].strip("¥") else number


def read_day(text: str) -> date | None:
    """Return the day of 2026-04-01, 2026/4/1, 2026.4.1, 2026年4月1日 or 20260401, None for anything else."""
    match = DAY.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part and part.isdecimal())
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """Return the moment of 2026-04-01T12:34:56+09:00, 2026/4/1 12:34 and what lies between, None for anything else."""
    parts = re.split(r"[T ]+", text)
    day, clock = read_day(parts[0]), CLOCK.fullmatch(parts[-1])
    if len(parts) != 2 or not day or not clock:
        return None
    hour, minute, second, offset = clock.groups()
    iso = f"{day.isoformat()}T{hour:0>2}:{minute}:{second or '00'}{offset or ''}"
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=JAPAN)


def read_original(text: str) -> OriginalSlip | None:
    """Return the slip named by 店舗コード-POS番号-YYYYMMDD-伝票番号, None for anything else."""
    match = ORIGINAL.fullmatch(text)
    day = match and read_day(match["day"])
    if not day:
        return None
    return OriginalSlip(match["store"], int(match["register"]), day, match["number"])
