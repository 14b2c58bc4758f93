from django import template

from stores.jobs import title_of
from stores.models import Job

register = template.Library()

SHOWN = 3


@register.inclusion_tag("stores/ended_jobs.html", takes_context=True)
def ended_jobs(context):
    """On every page of the portal: the reader's long work that has ended since, until its end has been shown."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or request.till_store:
        return {}
    ended = list(Job.objects.visible_to(person).ended_unseen().defer("result").order_by("-finished_at")[: SHOWN + 1])
    return {
        "ended": [{"job": job, "title": title_of(job)} for job in ended[:SHOWN]],
        "are_more": len(ended) > SHOWN,
        "are_all_well": all(job.look == "ok" for job in ended),
    }
