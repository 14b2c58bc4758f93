"""Explore with more of what people do than the tests have time for: python -m tests.yayoi_link.exploration [WHAT …]; all without one."""

import os
import sys

import django


def main(wanted):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regi_admin.settings")
    django.setup()
    from tests.yayoi_link.exploration.search import explore
    from tests.yayoi_link.exploration.world import Human

    humans = frozenset(Human[name] for name in wanted) or frozenset(Human)
    sys.stdout.write(f"{explore(humans=humans).worlds:,} worlds, no promise broken\n")


if __name__ == "__main__":
    main(sys.argv[1:])
