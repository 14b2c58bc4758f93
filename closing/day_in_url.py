from datetime import date


class DayInURL:
    """A 営業日 in a URL: 2026-04-01. What is no day of the calendar is no page."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()
