"""What somebody has typed of a count before 「確定」. It is kept for its person, is no count, and ends with the count."""

from collections.abc import Mapping, Sequence

from closing.models import BusinessDay, CountDraft
from stores.audit import Origin
from stores.models import Register, Staff

MOST_CHARACTERS = 200  # of one field; what a form accepts is shorter


def save_draft(day: BusinessDay, register: Register, kind: CountDraft.Kind, typed: Mapping[str, str], *, by: Origin) -> CountDraft:
    """Keep what the person has typed so far, by the names of the form's fields, in place of what was kept before."""
    kept = {name: text[:MOST_CHARACTERS] for name, text in typed.items()}
    draft, _ = CountDraft.objects.update_or_create(
        day=day,
        register=register,
        counter=by.actor,
        kind=kind,
        defaults={"typed": kept, "saved_at": by.at},
        create_defaults={"typed": kept, "saved_at": by.at, "begun_at": by.at},
    )
    return draft


def begin_anew(day: BusinessDay, register: Register, kind: CountDraft.Kind, *, by: Origin) -> CountDraft:
    """Forget what the person had typed. The drafts of others stay theirs, and are not offered again."""
    CountDraft.objects.filter(day=day, register=register, counter=by.actor, kind=kind).delete()
    return save_draft(day, register, kind, {}, by=by)


def go_on_with_others(day: BusinessDay, register: Register, kind: CountDraft.Kind, *, by: Origin) -> CountDraft | None:
    """Take over what another person typed last; that person's draft stays. None when there is none any more."""
    drafts = CountDraft.objects.filter(day=day, register=register, kind=kind).exclude(counter=by.actor).exclude(typed={})
    others = drafts.first()
    return others and save_draft(day, register, kind, others.typed, by=by)


def drafts_of(day: BusinessDay, kind: CountDraft.Kind) -> list[CountDraft]:
    """Return everybody's drafts of the day's registers, the last saved first."""
    return list(CountDraft.objects.filter(day=day, kind=kind).select_related("register", "counter"))


def own_draft(drafts: list[CountDraft], register: int, person: Staff) -> CountDraft | None:
    """Return the person's draft of the register with this POS番号."""
    return next((draft for draft in drafts if draft.register.number == register and draft.counter_id == person.pk), None)


def others_draft(drafts: list[CountDraft], register: int, person: Staff) -> CountDraft | None:
    """Return what another person typed last of this register, where this person has begun nothing."""
    of_register = [draft for draft in drafts if draft.register.number == register]
    if any(draft.counter_id == person.pk for draft in of_register):
        return None
    return next((draft for draft in of_register if draft.typed), None)


def end_drafts(day: BusinessDay, registers: list[int], kinds: Sequence[CountDraft.Kind]) -> None:
    """Forget the drafts of the registers with these POS番号, whoever made them: their count is in the books."""
    CountDraft.objects.filter(day=day, register__number__in=registers, kind__in=kinds).delete()
