from datetime import date

import pytest
from django.utils import translation

from closing.templatetags.figures import jdate, yen


@pytest.mark.parametrize(("amount", "shown"), [(1234567, "¥1,234,567"), (0, "¥0"), (-90, "-¥90"), (None, ""), ("", "")])
def test_money_is_shown_in_yen_with_thousands(amount, shown):
    assert yen(amount) == shown


@pytest.mark.parametrize(("day", "shown"), [(date(2026, 4, 1), "2026年4月1日(水)"), (None, "")])
def test_days_are_shown_with_their_weekday(day, shown):
    with translation.override("ja"):
        assert jdate(day) == shown
