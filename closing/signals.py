from enum import StrEnum

from django.dispatch import Signal


class Wish(StrEnum):
    """What whoever closes wants to happen to the figures outside; this app does not know where they go."""

    SEND = "send"
    NOTHING = "nothing"
    EVERYTHING = "everything"
    DIFFERENCE = "difference"


# Sent inside the closing's transaction with `closing` and `wish`. A receiver that raises undoes the close.
day_closed = Signal()
