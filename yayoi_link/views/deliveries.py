from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from stores.access import Ability, allowed_at_till, may, requires
from yayoi_link.access import visible_deliveries
from yayoi_link.booking import before_difference
from yayoi_link.explanation import explain, explain_alone
from yayoi_link.forms.deliveries import DeliveryListForm
from yayoi_link.journal import Journal
from yayoi_link.models import Delivery
from yayoi_link.no_content import was_answered_no_content
from yayoi_link.outbox import content_of
from yayoi_link.posting_sheet import difference_sheet, posting_sheet
from yayoi_link.presence import past_postings
from yayoi_link.row_sources import RowSources
from yayoi_link.rows_to_delete import rows_to_delete
from yayoi_link.timeline import timeline

DELIVERIES_PER_PAGE = 50


@require_GET
@requires(Ability.SEE_DELIVERIES)
def deliveries(request):
    form = DeliveryListForm(request.GET, reader=request.user, today=timezone.localdate())
    current = visible_deliveries(request).current().with_history().defer("body", "closing__figures_frozen")
    page = Paginator(form.chosen(current), DELIVERIES_PER_PAGE).get_page(request.GET.get("page"))
    explained = [explain(delivery, request.user, now=timezone.now()) for delivery in page]
    waiting = Delivery.objects.visible_to(request.user).needing_a_person().count()
    elsewhere = waiting - page.paginator.count if form.shows_only_needs else 0
    return render(request, "yayoi_link/deliveries.html", {"form": form, "page": page, "explained": explained, "elsewhere": elsewhere})


@never_cache
@require_GET
@requires(Ability.SEE_DELIVERIES)
def delivery(request, pk):
    shown = get_object_or_404(visible_deliveries(request).with_history(), pk=pk)
    return render(
        request,
        "yayoi_link/delivery.html",
        {
            "explained": explain_alone(shown, request.user, now=timezone.now()),
            "delivery": shown,
            "offers_no_content": may(request.user, Ability.EDIT_LINKS) and was_answered_no_content(shown),
            "way_back": way_back(request),
            "sheet": sheet_of(shown),
            "sources": RowSources(shown),
            "timeline": timeline(shown, shows_link=may(request.user, Ability.EDIT_LINKS)),
            "of_this_day": visible_deliveries(request).of_day(shown.day).defer("body"),
        },
    )


def way_back(request):
    """連携状況 as the reader left it: its calendar or its list, with what was asked for; the list where she came from elsewhere."""
    page, _mark, query = request.headers.get("Referer", "").partition("?")
    for view in (reverse("yayoi_link:delivery_calendar"), reverse("yayoi_link:deliveries")):
        if page == request.build_absolute_uri(view):
            return f"{view}?{query}" if query else view
    return reverse("yayoi_link:deliveries")


def sheet_of(delivery):
    """The rows of a delivery: as they were frozen, else as they would be frozen now; with the proof that they add up."""
    frozen = Journal(delivery.entries, left_out=delivery.lines_left_out) if delivery.is_frozen else None
    content = frozen or content_of(delivery) or Journal()
    figures = delivery.closing.figures
    if delivery.mode == Delivery.Mode.FULL:
        return posting_sheet(content.entries, figures, left_out=content.left_out)
    return difference_sheet(content.entries, figures, before=before_difference(delivery), left_out=content.left_out)


@never_cache
@require_GET
@allowed_at_till
@requires(Ability.SEE_DELIVERIES)
def rows_to_delete_file(request, day_pk):
    """The rows of the day that are or may be at Yayoi, for whoever deletes them there."""
    current = get_object_or_404(visible_deliveries(request).current(), day__pk=day_pk)
    content = rows_to_delete(past_postings(current.day))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rows-to-delete-{current.day.store.code}-{current.day.date:%Y%m%d}.csv"'
    return response


@never_cache
@require_GET
@allowed_at_till
@requires(Ability.SEE_DELIVERIES)
def outcome(request, day_pk):
    """The live part of the result page. While there is nothing new the answer is empty, so that a screen reader keeps quiet.

    A page that shows more of the delivery than this part (`?whole`) is loaded again.
    """
    shown = get_object_or_404(visible_deliveries(request).current().with_history(), day__pk=day_pk)
    explained = explain_alone(shown, request.user, now=timezone.now(), at_till=request.till_store is not None)
    if request.GET.get("seen") == explained.signature:
        return HttpResponse(status=204)
    if "whole" in request.GET:
        return HttpResponseClientRefresh()
    return render(request, "yayoi_link/outcome.html", {"explained": explained})
