"""The secret of a link is its path; these keep paths out of everything that is printed."""

import logging
import re

LINK_PATH = re.compile(r"smart-import/[^\s'\"<>]*")


class StatusOnly(logging.Filter):
    """Leaves of "Not Found: <path>" the status alone."""

    def filter(self, record):
        record.msg, record.args = "answered %s", (getattr(record, "status_code", "?"),)
        return True


class WithoutLinks(logging.Formatter):
    """Blanks out links wherever they stand, in tracebacks too."""

    def format(self, record):
        return LINK_PATH.sub("smart-import/…", super().format(record))
