from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from stores.second_step import has_passed
from stores.views.second_step import after_password


class OperatorSite(AdminSite):
    """運営: the password alone opens nothing here."""

    def has_permission(self, request):
        return super().has_permission(request) and has_passed(request)

    @method_decorator([never_cache, sensitive_post_parameters(), login_not_required])
    def login(self, request, extra_context=None):
        if request.method == "GET" and self.has_permission(request):
            return redirect(self.target_of(request))
        form = AdminAuthenticationForm(request, data=request.POST or None)
        if request.method == "POST" and form.is_valid():
            return after_password(request, form.get_user(), self.target_of(request))
        shown = {"title": _("ログイン"), "subtitle": None, "app_path": request.get_full_path(), "form": form}
        target = {REDIRECT_FIELD_NAME: self.target_of(request)}
        return TemplateResponse(request, "admin/login.html", self.each_context(request) | shown | target | (extra_context or {}))

    def target_of(self, request):
        target = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
        is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
        return target if is_ours else reverse("admin:index", current_app=self.name)
