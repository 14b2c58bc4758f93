"""連携の一括操作: choose, look at what it would do, say yes; then a job does it and its page tells the result of each day."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.access import Ability, check_may, requires
from stores.audit import origin_of
from stores.jobs import note_seen
from stores.models import Job, Store
from yayoi_link.bulk_preview import BulkAct, TooManyDays, period_waiting, preview, preview_of_days, preview_of_rest
from yayoi_link.bulk_rulings import BULK, ChosenMeanwhile, choose, counts_of, doubling_days, rows_that_double, start
from yayoi_link.bulk_words import group_words, outcome_words
from yayoi_link.forms.bulk import BulkFilterForm, BulkForm, ChosenDaysForm, StartBulkForm
from yayoi_link.models import BulkItem
from yayoi_link.rows_to_delete import rows_to_delete_of_days

ITEMS_PER_PAGE = 50


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.RESEND_SAFELY)
def prepare_bulk(request, act):
    act = act_named(act)
    check_may(request.user, act.ability)
    waiting = period_waiting(act, Store.objects.visible_to(request.user)) if request.method == "GET" else {}
    form = BulkForm(request.POST or None, reader=request.user, initial=waiting)
    if request.method == "POST" and form.is_valid():
        try:
            job = preview(BULK, act, by=origin_of(request), **form.cleaned_data)
        except TooManyDays:
            form.add_error(None, _("対象が多すぎます。店舗か期間を減らしてください。"))
        else:
            return redirect("yayoi_link:bulk", job.pk)
    return render(request, "yayoi_link/bulk.html", {"form": form, "act": act})


@never_cache
@require_POST
@requires(Ability.RESEND_SAFELY)
def prepare_bulk_of_days(request, act):
    """The same of squares that were chosen in the calendar, whose filters the address carries on."""
    act = act_named(act)
    check_may(request.user, act.ability)
    calendar = request.GET.urlencode()
    form = ChosenDaysForm(request.POST, reader=request.user)
    if not form.is_valid():
        messages.warning(request, form.errors["days"][0])
        return redirect(f"{reverse('yayoi_link:delivery_calendar')}?{calendar}")
    job = preview_of_days(BULK, act, form.cleaned_data["days"], calendar=calendar, by=origin_of(request))
    return redirect("yayoi_link:bulk", job.pk)


@never_cache
@require_GET
@requires(Ability.RESEND_SAFELY)
def bulk(request, pk):
    job = own_job(request, pk)
    if job.state == Job.State.DRAFT:
        return show_preview(request, job)
    note_seen(job)
    shown = shown_items(request, job, BulkItem.objects.of(job).chosen(), by="outcome")
    left = 0 if job.is_unfinished else BulkItem.objects.visible_to(request.user).of(job).to_do().count()
    return render(request, "yayoi_link/bulk_result.html", shown | {"left": left})


@never_cache
@require_POST
@requires(Ability.RESEND_SAFELY)
def begin_rest(request, pk):
    """What an operation that ended before its end has left, as it is now, in a preview of its own."""
    ended = own_job(request, pk)
    if ended.is_unfinished:
        return redirect("yayoi_link:bulk", pk)
    check_may(request.user, BulkAct(ended.wish["act"]).ability)
    return redirect("yayoi_link:bulk", preview_of_rest(BULK, ended, by=origin_of(request)).pk)


@never_cache
@require_POST
@requires(Ability.RESEND_SAFELY)
def choose_items(request, pk):
    job = own_job(request, pk)
    items = BulkItem.objects.visible_to(request.user).of(job)
    if item := request.POST.get("item", ""):
        items = items.filter(pk=item) if item.isdecimal() and len(item) < 19 else items.none()
    elif group := request.POST.get("group", ""):
        items = items.filter(group=group)
    else:
        items = filter_of(request, job).chosen(items)
    try:
        choose(job, items, is_chosen=request.POST.get("chosen") == "1")
    except ChosenMeanwhile:
        tell_started(request)
    return redirect(request.get_full_path().replace("/choose/", "/"))


@never_cache
@sensitive_post_parameters()
@require_POST
@requires(Ability.RESEND_SAFELY)
def start_bulk(request, pk):
    job = own_job(request, pk)
    counts = counts_of(job)
    form = StartBulkForm(request.POST, request=request, act=BulkAct(job.wish["act"]), counts=counts)
    if job.state == Job.State.DRAFT and not form.is_valid():
        return show_preview(request, job, form)
    try:
        start(job, seen=counts, answers=form.answers if form.is_valid() else {}, by=origin_of(request))
    except ChosenMeanwhile:
        tell_started(request)
        return redirect("yayoi_link:bulk", pk)
    return redirect("stores:job", pk)


@never_cache
@require_GET
@requires(Ability.RESEND_SAFELY)
def rows_doubled_file(request, pk):
    """The rows of the chosen days that are or may be at Yayoi, for whoever deletes them there."""
    days = doubling_days(own_job(request, pk)).visible_to(request.user)
    response = StreamingHttpResponse(rows_to_delete_of_days(days), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rows-to-delete-{pk}.csv"'
    return response


def own_job(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind=BULK.name)


def act_named(name):
    try:
        return BulkAct(name)
    except ValueError:
        raise Http404 from None


def show_preview(request, job, form=None):
    act, counts = BulkAct(job.wish["act"]), counts_of(job)
    days, rows = rows_that_double(job)
    form = form or StartBulkForm(request=request, act=act, counts=counts)
    shown = shown_items(request, job, BulkItem.objects.of(job), by="group")
    own = {"act": act, "start_form": form, "chosen": sum(counts.values()), "days_doubled": days, "rows_doubled": rows}
    return render(request, "yayoi_link/bulk_preview.html", shown | own)


def shown_items(request, job, items, *, by):
    """The items as filtered, a page of them, and how many there are of each kind."""
    items = items.visible_to(request.user)
    listed = filter_of(request, job).chosen(items).select_related("delivery__day__store", "made")
    counted = items.order_by().values(by).annotate(items=Count("pk"), chosen=Count("pk", filter=Q(is_chosen=True)))
    return {
        "job": job,
        "act": BulkAct(job.wish["act"]),
        "form": filter_of(request, job),
        "page": Paginator(listed.defer("delivery__body", "made__body").order_by("pk"), ITEMS_PER_PAGE).get_page(request.GET.get("page")),
        "kinds": group_words(counted) if by == "group" else outcome_words(counted),
    }


def filter_of(request, job):
    return BulkFilterForm(request.GET, reader=request.user, groups=BulkItem.Group, is_draft=job.state == Job.State.DRAFT)


def tell_started(request):
    messages.warning(request, _("ほかの画面で選択が変わったか、すでに開始されています。いまの状態を表示しています。"))
