from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from stores.access import allowed_at_till, open_to_everyone
from stores.forms.second_factor import CodeForm
from stores.second_factor import factor_of
from stores.second_step import await_code, awaited_person, enter_with_code
from stores.sign_in import SignInRefused, enter_portal


def after_password(request, person, target):
    """Go on from a right password: to where one wanted to go, or to the code first."""
    if factor_of(person) is None:
        enter_portal(request, person)
        return redirect(target)
    await_code(request, person, target=target)
    return redirect("stores:second_step")


@open_to_everyone
@allowed_at_till
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_step(request):
    person = awaited_person(request)
    if person is None:
        messages.info(request, _("時間がたったため、もう一度ログインしてください。"))
        return redirect("stores:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(enter_with_code(request, person, form.cleaned_data["code"]))
        except SignInRefused:
            form.add_error("code", refusal())
    return render(request, "stores/second_step.html", {"form": form, "person": person})


def refusal():
    return _(
        "確認コードが正しくないか、すでに使われています。アプリに表示されている新しいコードを入力してください。"
        "続けて間違えると、15分ほど入力できなくなります。"
    )
