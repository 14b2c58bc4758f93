from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yayoi_link.schedule import LONGEST_WAIT, STEPS, delay_after, gives_up
from yayoi_link.verdicts import RETRY_AFTER_LIMIT

chances = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 10), (2, 60), (3, 300), (4, 900), (5, 3600), (6, 10800), (7, 21600), (8, 43200), (9, 43200), (40, 43200)]
)
def test_each_try_waits_longer_until_half_a_day(tries, seconds):
    assert delay_after(tries, chance=0.5) == timedelta(seconds=seconds)


@given(st.integers(1, 100), chances)
def test_the_jitter_stays_within_a_fifth(tries, chance):
    step = STEPS[min(tries, len(STEPS)) - 1]

    assert step * 0.8 <= delay_after(tries, chance=chance) <= step * 1.2


@given(st.integers(1, 100), chances, st.integers(0, 3600))
def test_the_receiver_is_never_asked_before_it_wants_to_be(tries, chance, retry_after):
    assert delay_after(tries, chance=chance, retry_after=retry_after) >= timedelta(seconds=retry_after)


@pytest.mark.parametrize(
    ("tries", "hours", "ends"), [(5, 72, True), (4, 72, False), (5, 71.9, False), (4, 1000, False), (100, 71.9, False), (40, 100, True)]
)
def test_automatic_tries_end_after_72_hours_and_at_least_five_tries(tries, hours, ends):
    assert gives_up(tries, timedelta(hours=hours)) is ends


@given(st.integers(1, 100), chances, st.integers(0, RETRY_AFTER_LIMIT))
def test_nothing_waits_longer_than_the_longest_wait(tries, chance, retry_after):
    assert delay_after(tries, chance=chance, retry_after=retry_after) <= LONGEST_WAIT
