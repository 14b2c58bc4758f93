"""Which register is calling. Its token is in no log line, whatever was sent instead of one."""

import logging
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import Throttled
from ninja.security import HttpBearer

from closing.api.problems import Refused
from stores.client_address import client_address
from stores.models import RegisterToken
from stores.models.tokens import WINDOW
from stores.register_tokens import find_token

logger = logging.getLogger(__name__)


class RegisterBearer(HttpBearer):
    """`Authorization: Bearer <接続トークン>`. The register that it belongs to becomes `request.auth`."""

    def __call__(self, request):
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, secret.strip()) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request, token):
        found = find_token(token)
        if found is None:
            logger.warning("Register API refused: unknown token, from %s", client_address(request))
            return None
        register = found.register
        if not register.store.company.is_active:
            raise Refused(403, _("この企業は管理画面の利用を停止しています。運営にお問い合わせください。"))
        now = timezone.now()
        if not RegisterToken.objects.allow_call(found, at=now):
            raise Throttled(wait=seconds_left(found, now))
        return register


def seconds_left(token, now):
    """Until the token's window ends; a clock that differs makes it a whole window."""
    began = RegisterToken.objects.values_list("window_began_at", flat=True).get(pk=token.pk) or now
    return max(1, -(-(began + WINDOW - now) // timedelta(seconds=1)))
