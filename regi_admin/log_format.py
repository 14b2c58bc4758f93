import logging


class OneLine(logging.Formatter):
    """Escapes control characters, so that no visitor can forge a line of the log."""

    def formatMessage(self, record):
        return "".join(character if character.isprintable() else repr(character)[1:-1] for character in super().formatMessage(record))
