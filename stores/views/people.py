from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores import staff_accounts
from stores.access import Ability, requires
from stores.audit import origin_of
from stores.forms.changes import changes_in
from stores.forms.people import StaffForm
from stores.forms.search import SearchForm
from stores.models import Staff

PEOPLE_PER_PAGE = 50


@require_GET
@requires(Ability.EDIT_STAFF)
def staff(request):
    search = SearchForm(request.GET)
    people = search.chosen(Staff.objects.visible_to(request.user).prefetch_related("stores"))
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "stores/staff.html", {"search": search, "page": page})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STAFF)
def create_staff(request):
    form = StaffForm(request.POST or None, instance=Staff(company=request.user.company), editor=request.user)
    if request.method == "POST" and form.is_valid():
        password = staff_accounts.create_account(form.instance, stores=list(form.cleaned_data["stores"]), by=origin_of(request))
        return render(request, "stores/sign_in_notice.html", {"person": form.instance, "password": password})
    return render(request, "stores/staff_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Ability.EDIT_STAFF)
def edit_staff(request, pk):
    person = get_object_or_404(Staff.objects.visible_to(request.user).select_related("company"), pk=pk)
    form = StaffForm(request.POST or None, instance=person, editor=request.user)
    if request.method == "POST" and form.is_valid():
        staff_accounts.change_account(
            form.instance,
            stores=list(form.cleaned_data["stores"]),
            changes=changes_in(form),
            ends_sessions=form.changes_rights,
            by=origin_of(request),
        )
        messages.success(request, _("%(person)sさんの内容を変更しました。マスタ同期を実施してください。") % {"person": person.name})
        return redirect("stores:staff")
    return render(request, "stores/staff_form.html", {"form": form, "person": person})


# The password is in the answer itself: it is shown once and lies in no session, message or URL.
@never_cache
@require_POST
@requires(Ability.EDIT_STAFF)
def reset_password(request, pk):
    person = other_person(request, pk)
    password = staff_accounts.reset_password(person, by=origin_of(request))
    return render(request, "stores/sign_in_notice.html", {"person": person, "password": password})


@require_POST
@requires(Ability.EDIT_STAFF)
def deactivate(request, pk):
    person = other_person(request, pk)
    staff_accounts.set_in_use(person, is_active=False, by=origin_of(request))
    messages.success(request, _("%(person)sさんの利用を停止しました。マスタ同期を実施してください。") % {"person": person.name})
    return redirect("stores:staff")


@require_POST
@requires(Ability.EDIT_STAFF)
def reactivate(request, pk):
    person = other_person(request, pk)
    staff_accounts.set_in_use(person, is_active=True, by=origin_of(request))
    messages.success(request, _("%(person)sさんの利用を再開しました。マスタ同期を実施してください。") % {"person": person.name})
    return redirect("stores:staff")


def other_person(request, pk):
    """Nobody stops or resets himself, so that a company always keeps an administrator who can get in."""
    person = get_object_or_404(Staff.objects.visible_to(request.user).select_related("company"), pk=pk)
    if person == request.user:
        raise PermissionDenied(_("ご自分に対しては行えません。ほかの企業管理者に依頼してください。"))
    return person
