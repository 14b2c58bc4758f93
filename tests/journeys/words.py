"""The words of the screens, in the language in which a story is told. The stories' own texts are Japanese, as the code's are."""

import re

from django.utils.translation import gettext

PLACE = re.compile(r"%\\\(\w+\\\)s")


def word(japanese, **places):
    """What the screen says for it in the language that is active; `places` fill it in."""
    return gettext(japanese) % places if places else gettext(japanese)


def sentence_about(japanese):
    """A pattern for the sentence, whatever stands at its places."""
    return re.compile(PLACE.sub(".*", re.escape(gettext(japanese))))
