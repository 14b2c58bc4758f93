"""Names that leave the portal in files and postings: whoever carries them out says here what cannot be carried."""

from collections.abc import Callable

CHECKS: list[Callable[[str], None]] = []


def register_name_check(check: Callable[[str], None]) -> Callable[[str], None]:
    """Have names of masters checked where they are typed: `check` raises ValidationError. Its app calls this when it loads."""
    CHECKS.append(check)
    return check


def check_name(name: str) -> None:
    """Validate a name that somebody has typed. Raises ValidationError, in the words of whoever cannot carry it."""
    for check in CHECKS:
        check(name)
