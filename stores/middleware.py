from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils import translation

from stores.known_device import write_device
from stores.models import Store
from stores.second_factor import factor_of, lacks_factor
from stores.second_step import has_passed

OPEN_WITH_INITIAL_PASSWORD = {"stores:change_password", "stores:sign_out", "set_language"}
OPEN_WITHOUT_FACTOR = OPEN_WITH_INITIAL_PASSWORD | {"stores:enrol_factor"}


class KnownDeviceMiddleware:
    """Sets the cookie that makes a browser a known one, after a sign-in at the portal or at レジ業務."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if device := getattr(request, "known_device", None):
            write_device(response, device, secure=settings.SESSION_COOKIE_SECURE)
        return response


class TillSessionMiddleware:
    """Keeps a session that was opened at レジ業務 inside レジ業務 of its store."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.till_store = None
        store = request.session.get("till_store")
        if store is None:
            return self.get_response(request)
        # The operator's store may have been closed since.
        request.till_store = (
            Store.objects.visible_to(request.user).in_use().filter(pk=store).first() if request.user.is_authenticated else None
        )
        if request.till_store is None:
            logout(request)
            return redirect(settings.LOGIN_URL)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.till_store is None or getattr(view, "allowed_at_till", False):
            return None
        return render(request, "stores/till_only.html", status=403)


class PersonLanguageMiddleware:
    """Speaks the language that the person has chosen, whatever this browser is set to: a shared till speaks its operator's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class ForcedPasswordChangeMiddleware:
    """Leads everyone who still has an initial password to the page that changes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.resolver_match.view_name in OPEN_WITH_INITIAL_PASSWORD:
            return None
        return redirect("stores:change_password")


class SecondFactorMiddleware:
    """Lets no session go on that has not passed the second factor its person has, or has to have.

    レジ業務 is left alone: the operator's password opens it, and nothing but レジ業務 opens from there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or request.till_store or has_passed(request):
            return None
        if factor_of(request.user):
            logout(request)
            return redirect(settings.LOGIN_URL)
        if not lacks_factor(request.user) or request.resolver_match.view_name in OPEN_WITHOUT_FACTOR:
            return None
        return redirect("stores:enrol_factor")
