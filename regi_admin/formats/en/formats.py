"""The English of ja/formats.py, in the same order: year, month, day."""

DATE_FORMAT = "Y/n/j (D)"
DATETIME_FORMAT = "Y/n/j (D) H:i"
SHORT_DATE_FORMAT = "n/j (D)"
SHORT_DATETIME_FORMAT = "n/j (D) H:i"
YEAR_MONTH_FORMAT = "Y/n"
