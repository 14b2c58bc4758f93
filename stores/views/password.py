from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from stores.access import allowed_at_till, open_to_signed_in
from stores.audit import origin_of
from stores.forms.sign_in import NewPasswordForm
from stores.staff_accounts import change_own_password


@open_to_signed_in
@allowed_at_till
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request):
    if request.user.company_id is None:
        raise Http404
    form = NewPasswordForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        change_own_password(request.user, form.cleaned_data["new"], by=origin_of(request))
        update_session_auth_hash(request, request.user)
        messages.success(request, _("パスワードを変更しました。"))
        return redirect("closing:till" if request.till_store else "top")
    return render(request, "stores/change_password.html", {"form": form})
