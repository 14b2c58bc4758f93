"""When a delivery is tried again. Pure: the random number is an argument."""

from datetime import timedelta

STEPS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
JITTER = 0.2
# More than what a receiver may ask for with Retry-After.
LONGEST_WAIT = STEPS[-1] * (1 + JITTER)
GIVES_UP_AFTER = timedelta(hours=72)
MINIMUM_TRIES = 5


def delay_after(tries: int, *, chance: float, retry_after: int | None = None) -> timedelta:
    """Return how long to wait after the given number of tries (1 or more).

    `chance` in [0, 1) spreads the delay by ±20 %, so that an outage's end is not a stampede; `retry_after` (seconds) is the
    least the receiver asked for.
    """
    step = STEPS[min(tries, len(STEPS)) - 1]
    spread = step * (1 - JITTER + 2 * JITTER * chance)
    return max(spread, timedelta(seconds=retry_after or 0))


def gives_up(tries: int, since_first_try: timedelta) -> bool:
    """Tell whether automatic tries end: 72 hours since the first one, and at least 5 of them."""
    return tries >= MINIMUM_TRIES and since_first_try >= GIVES_UP_AFTER
