"""For the pages of 照合 and 弥生インポート形式."""

from django import template

from stores.access import Ability, may
from yayoi_link.reconcile_words import MATCHES, presence_in_words, problem_in_words, step_for
from yayoi_link.row_comparison import Match

register = template.Library()


@register.filter
def step(finding):
    return step_for(finding)


@register.filter
def in_words(bad_row):
    return problem_in_words(bad_row)


@register.simple_tag
def day_matches(day):
    """Return (chip, count) of what a day's lines came to, the gravest first."""
    return matches_with({match: day.findings.count(match) for match in Match})


@register.simple_tag
def all_matches(result):
    return matches_with(result.counts)


@register.simple_tag
def counted_matches(counts):
    """The same of what a job has counted, by the words of its result."""
    return matches_with({match: counts.get(match.value, 0) for match in Match})


@register.filter
def match_chip(match):
    return MATCHES[match]


@register.simple_tag
def day_notes(day):
    """What the books say of the day's uncertain deliveries, each with the delivery that it is about."""
    for presence in day.findings.presences:
        delivery = day.deliveries[presence.posting.number]
        yield {"delivery": delivery, "text": presence_in_words(presence, delivery)}


@register.inclusion_tag("yayoi_link/day_file.html", takes_context=True)
def day_file(context, day):
    """The closed day as 弥生インポート形式, for whoever may take the books away."""
    return {"day": day, "may_export": bool(day.revision) and may(context["request"].user, Ability.EXPORT)}


def matches_with(counts):
    return [{"chip": chip, "count": counts[match]} for match, chip in MATCHES.items() if counts[match]]
