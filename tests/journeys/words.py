"""The words of the screens, in the language in which a story is told. The stories' own texts are Japanese, as the code's are."""

import re

from django.utils.translation import gettext, pgettext

PLACE = re.compile(r"%\\\(\w+\\\)s")


def word(japanese, *, context=None, **places):
    """What the screen says for it in the language that is active; `places` fill it in."""
    said = pgettext(context, japanese) if context else gettext(japanese)
    return said % places if places else said


def sentence_about(japanese):
    """A pattern for the sentence, whatever stands at its places."""
    return re.compile(PLACE.sub(".*", re.escape(gettext(japanese))))
