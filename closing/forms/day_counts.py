"""The forms in which the drawers of a day are counted: as they were sent, or as far as the person had come."""

from django.forms import all_valid

from closing.count_drafts import drafts_of, others_draft, own_draft
from closing.difference_matches import hints_for
from closing.forms.count import CountForm, InterimForm
from closing.models import CountDraft
from closing.register_settlement import registers_without_business


def sent_forms(day, drawers, submitted):
    """One form of each register, with what was sent."""
    return with_hints(day, count_forms(day, drawers, submitted=submitted))


def begun_forms(day, drawers, person, kind=CountDraft.Kind.SETTLEMENT):
    """One form of each register, with what the person has typed before; without a word of mistakes while something is missing."""
    drafts = drafts_of(day, kind)
    own = [draft for draft in drafts if draft.counter_id == person.pk]
    as_sent = count_forms(day, drawers, submitted=sent_again(own), drafts=drafts, person=person)
    if all_valid(as_sent):
        return with_hints(day, as_sent)
    begun = count_forms(day, drawers, drafts=drafts, person=person)
    for form, twin in zip(begun, as_sent, strict=True):
        form.hints, form.actual = hints_of(day, twin), twin.actual
    return begun


def begun_interim_form(day, cash, person):
    drafts = drafts_of(day, CountDraft.Kind.INTERIM)
    known = {"draft": own_draft(drafts, cash.register, person), "others_draft": others_draft(drafts, cash.register, person)}
    return InterimForm(cash=cash, tolerance=day.store.difference_tolerance, **known)


def count_forms(day, drawers, *, submitted=None, drafts=(), person=None):
    idle = set(registers_without_business(day).values_list("number", flat=True))
    return [
        CountForm(
            submitted,
            cash=cash,
            is_idle=cash.register in idle,
            tolerance=day.store.difference_tolerance,
            draft=person and own_draft(drafts, cash.register, person),
            others_draft=person and others_draft(drafts, cash.register, person),
        )
        for cash in drawers
    ]


def sent_again(drafts):
    """What a browser would send of these drafts."""
    return {f"register{draft.register.number}-{name}": text for draft in drafts for name, text in draft.typed.items()}


def with_hints(day, forms):
    for form in forms:
        form.hints = hints_of(day, form)
    return forms


def hints_of(day, form):
    """Suggestions for the difference of what was sent, as soon as its amount can be read."""
    form.is_valid()
    return [] if form.actual is None else hints_for(day, form.cash, actual=form.actual, pieces=form.counted_pieces)
