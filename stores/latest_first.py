"""Pages of a long list by date. Sorting whole years for fifty rows would take longer with each year that a chain has traded."""

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Max

# Fewer rows than this are sorted in no time.
LONG = 2_000
# How far back one looks for a page, in days before the last date of the list.
STRETCHES = (1, 7, 60)


class LatestFirst(Paginator):
    """Pages of rows whose order begins with their `date`, the last one first.

    A page near the beginning is sought among the last dates only, as many as hold enough rows; it has the same rows in any case.
    """

    def page(self, number):
        number = self.validate_number(number)
        return super().page(number) if self.count < LONG else self._page_of(self._latest(number * self.per_page), number)

    def _latest(self, needed):
        # Between the count and this look the last row may have left the list.
        last = self.object_list.order_by().aggregate(last=Max("date"))["last"] or date.max
        for days in STRETCHES:
            rows = self.object_list.filter(date__gte=last - timedelta(days=days))
            if rows.count() >= needed:
                return rows
        return self.object_list

    def _page_of(self, rows, number):
        first = (number - 1) * self.per_page
        return self._get_page(rows[first : first + self.per_page], number, self)
