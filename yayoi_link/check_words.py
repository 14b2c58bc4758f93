"""What a 接続先の確認 found, step by step, and what it cannot tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yayoi_link.cause_words import ERRORS
from yayoi_link.models import LinkCheck
from yayoi_link.verdicts import ErrorCode, Phase

ENDS_SOON = timedelta(days=14)
STEPS = (
    (Phase.RESOLVE, gettext_lazy("名前")),
    (Phase.CONNECT, gettext_lazy("接続")),
    (Phase.TLS, gettext_lazy("証明書")),
)


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of the check. `look` is one of ok, bad, off; one that it did not come to is off."""

    word: str | Promise
    look: str


def steps_of(check: LinkCheck) -> list[CheckStep]:
    """Return name, connection and certificate, each with how it went."""
    return [CheckStep(word, _look(check, phase)) for phase, word in STEPS]


def _look(check, phase):
    if phase is Phase.TLS and check.is_good and not check.tls_version:
        return "off"  # the sandbox on this machine, without TLS
    if check.came_to(phase):
        return "ok"
    return "bad" if check.phase == phase else "off"


def problem_of(check: LinkCheck) -> str | Promise:
    """Say what went wrong; empty when nothing did. All blocked addresses read alike."""
    return ERRORS[ErrorCode(check.error)] if check.error else ""


def warning_of(check: LinkCheck, *, now: datetime) -> str:
    """Say that the receiver's certificate ends soon; empty when it does not."""
    ends_at = check.certificate_expires_at
    if ends_at is None or check.error or ends_at - now > ENDS_SOON:
        return ""
    return _("接続先の証明書の有効期限が近づいています。更新されないと、送信できなくなります。")
