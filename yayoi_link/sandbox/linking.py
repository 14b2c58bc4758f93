"""The pages of manual 2-1, step by step. Their words are the manual's."""

from django.contrib.auth.decorators import login_not_required
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yayoi_link.sandbox.forms import AuthenticationForm, NewLinkForm
from yayoi_link.sandbox.models import Link

CONSENT = "has_consented"


def links_of(request):
    if not request.user.is_authenticated:
        return Link.objects.none()
    return Link.objects.owned_by(request.user)


@login_not_required
@require_GET
def services(request):
    return render(request, "sandbox/services.html", {"links": links_of(request)})


@login_not_required
@require_GET
def add_service(request):
    return render(request, "sandbox/add_service.html")


@login_not_required
@require_http_methods(["GET", "POST"])
def authentication(request):
    chosen = request.GET.get("link", AuthenticationForm.NEW)
    form = AuthenticationForm(request.POST or None, links=links_of(request), initial={"authentication": chosen})
    if request.method == "POST" and form.is_valid():
        return redirect(after_choosing(form.cleaned_data["authentication"]))
    return render(request, "sandbox/authentication.html", {"form": form})


def after_choosing(choice):
    if choice == AuthenticationForm.NEW:
        return reverse("sign_in", query=QueryDict(f"next={reverse('consent')}"))
    return reverse("show_link", args=[choice])


@require_http_methods(["GET", "POST"])
def consent(request):
    if request.method == "POST":
        request.session[CONSENT] = True
        return redirect("choose_office")
    return render(request, "sandbox/consent.html")


@require_http_methods(["GET", "POST"])
def choose_office(request):
    if not request.session.get(CONSENT):
        return redirect("consent")

    form = NewLinkForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        link = form.save()
        del request.session[CONSENT]
        return redirect("show_link", pk=link.pk)
    return render(request, "sandbox/choose_office.html", {"form": form})


@never_cache
@require_GET
def show_link(request, pk):
    link = get_object_or_404(Link.objects.owned_by(request.user), pk=pk)
    return render(request, "sandbox/show_link.html", {"link": link, "address": request.build_absolute_uri(link.path)})
