from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from stores.access import Ability, requires
from stores.audit import origin_of
from stores.models import Register, RegisterToken
from stores.register_tokens import issue_token, revoke_token


@require_GET
@requires(Ability.EDIT_STORES)
def tokens(request, pk):
    """接続トークン of one register."""
    return render_tokens(request, visible_register(request, pk))


@never_cache
@require_POST
@requires(Ability.EDIT_STORES)
def issue(request, pk):
    """The answer itself shows the token: in a message it would lie in a cookie, and after a redirect somebody would have to keep it."""
    register = visible_register(request, pk)
    return render_tokens(request, register, secret=issue_token(register, by=origin_of(request)))


@require_POST
@requires(Ability.EDIT_STORES)
def revoke(request, pk):
    token = get_object_or_404(RegisterToken.objects.visible_to(request.user).select_related("register__store"), pk=pk)
    if revoke_token(token, by=origin_of(request)):
        messages.success(
            request, _("接続トークン %(token)s を無効にしました。このトークンのレジは、もう接続できません。") % {"token": token}
        )
    return redirect("stores:register_tokens", token.register_id)


def visible_register(request, pk):
    return get_object_or_404(Register.objects.visible_to(request.user).select_related("store__company"), pk=pk)


def render_tokens(request, register, secret=""):
    issued = register.tokens.select_related("issued_by")
    return render(request, "stores/register_tokens.html", {"register": register, "tokens": issued, "secret": secret})
