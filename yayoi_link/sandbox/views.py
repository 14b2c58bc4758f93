from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yayoi_link.sandbox.forms import AnswersForm, DeletionForm, FilterForm, SignInForm
from yayoi_link.sandbox.models import Link, Posting, Transaction

ROWS_A_PAGE = 150
POSTINGS_A_PAGE = 50
SIGN_IN_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request):
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.signed_in, backend=SIGN_IN_BACKEND)
        return redirect(next_page(request))
    return render(request, "sandbox/sign_in.html", {"form": form})


def next_page(request):
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("transactions")


@require_POST
def sign_out(request):
    logout(request)
    return redirect("services")


@require_http_methods(["GET", "POST"])
def transactions(request):
    if request.method == "POST":
        delete_transactions(request)
        return redirect(request.get_full_path())

    filters = FilterForm(request.GET, account=request.user)
    rows = Transaction.objects.owned_by(request.user).newest_first()
    if filters.is_valid() and filters.cleaned_data["link"]:
        rows = rows.filter(posting__link=filters.cleaned_data["link"])
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "sandbox/transactions.html", {"filters": filters, "page": page})


def delete_transactions(request):
    form = DeletionForm(request.POST, account=request.user)
    if not form.is_valid():
        messages.error(request, form.errors["transactions"][0])
        return
    count, _per_model = form.cleaned_data["transactions"].delete()
    messages.success(request, ngettext("%(count)d件の取引を削除しました。", "%(count)d件の取引を削除しました。", count) % {"count": count})


@require_http_methods(["GET", "POST"])
def answers(request, pk):
    link = get_object_or_404(Link.objects.owned_by(request.user), pk=pk)
    form = AnswersForm(request.POST or None, instance=link)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("応答の設定を変更しました。"))
        return redirect("answers", pk=pk)
    return render(request, "sandbox/answers.html", {"form": form, "link": link})


@require_GET
def postings(request, pk):
    link = get_object_or_404(Link.objects.owned_by(request.user), pk=pk)
    page = Paginator(Posting.objects.filter(link=link), POSTINGS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "sandbox/postings.html", {"link": link, "page": page})
