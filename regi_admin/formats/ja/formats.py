"""How dates are written, for `|date:"DATE_FORMAT"` and the like: always with the day of the week, by which shops remember."""

DATE_FORMAT = "Y年n月j日(D)"
DATETIME_FORMAT = "Y年n月j日(D) H:i"
SHORT_DATE_FORMAT = "n/j(D)"
SHORT_DATETIME_FORMAT = "n/j(D) H:i"
YEAR_MONTH_FORMAT = "Y年n月"
