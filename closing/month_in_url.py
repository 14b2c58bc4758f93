from datetime import date


class MonthInURL:
    """A month in a URL: 2026-04, as its first day. What is no month is no page."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value):
        return f"{value:%Y-%m}"
