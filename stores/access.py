"""Who may do what. A view without one of these decorators does not pass the tests."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from stores.models import Role, Staff


class Ability(StrEnum):
    SEE_PORTAL = "see_portal"
    SEE_LINKS = "see_links"
    EDIT_LINKS = "edit_links"
    WRITE_NOTES = "write_notes"
    OPEN_DAY = "open_day"
    RECORD_CASH = "record_cash"
    ENTER_SLIPS = "enter_slips"
    LOAD_SLIPS = "load_slips"
    CORRECT_SLIPS = "correct_slips"
    CLOSE_DAY = "close_day"
    RECLOSE_DAY = "reclose_day"
    CLOSE_PROVISIONALLY = "close_provisionally"
    MARK_UNUSED = "mark_unused"
    MOVE_SLIPS = "move_slips"
    EDIT_HOLIDAYS = "edit_holidays"
    LOCK_MONTH = "lock_month"
    SEE_DELIVERIES = "see_deliveries"
    RESEND_SAFELY = "resend_safely"
    RESEND_DOUBLED = "resend_doubled"
    SEE_MASTERS = "see_masters"
    EDIT_MASTERS = "edit_masters"
    EDIT_STORES = "edit_stores"
    EDIT_STAFF = "edit_staff"
    SYNC_MASTER = "sync_master"
    SEE_AUDIT = "see_audit"
    EXPORT = "export"
    RECONCILE = "reconcile"
    SEE_ACCOUNTS = "see_accounts"
    EDIT_ACCOUNTS = "edit_accounts"
    BE_TOLD = "be_told"


READER = {Ability.SEE_PORTAL, Ability.SEE_LINKS, Ability.SEE_DELIVERIES}
BOOKS = {Ability.EXPORT, Ability.RECONCILE, Ability.SEE_ACCOUNTS, Ability.SEE_MASTERS}
CLERK = READER | {Ability.OPEN_DAY, Ability.RECORD_CASH, Ability.ENTER_SLIPS, Ability.CLOSE_DAY, Ability.RESEND_SAFELY, Ability.WRITE_NOTES}
DAYS = {Ability.RECLOSE_DAY, Ability.CLOSE_PROVISIONALLY, Ability.MARK_UNUSED, Ability.MOVE_SLIPS, Ability.EDIT_HOLIDAYS}
LINKS = {Ability.EDIT_LINKS, Ability.RESEND_DOUBLED, Ability.SYNC_MASTER, Ability.BE_TOLD}
MANAGER = CLERK | BOOKS | DAYS | LINKS | {Ability.CORRECT_SLIPS, Ability.LOAD_SLIPS, Ability.SEE_AUDIT}
ABILITIES = {
    Role.COMPANY_ADMIN: set(Ability),
    Role.STORE_MANAGER: MANAGER,
    Role.CLERK: CLERK,
    Role.ACCOUNTANT: READER | BOOKS | {Ability.SEE_AUDIT},
}


def may(staff: Staff, ability: Ability) -> bool:
    """Tell whether the person's role has the ability. Which stores it reaches is `Store.objects.visible_to`."""
    return ability in ABILITIES.get(staff.role, set())


def roles_with(ability: Ability) -> list[Role]:
    """Return the roles that have the ability, in their fixed order."""
    return [role for role in Role if ability in ABILITIES[role]]


def who_may(ability: Ability) -> str:
    """Name the roles that have the ability, for the sentence that explains a refusal."""
    return _("、").join(str(role.label) for role in roles_with(ability))


def check_may(staff: Staff, ability: Ability) -> None:
    """Raise PermissionDenied with a sentence saying who may."""
    if not may(staff, ability):
        raise PermissionDenied(_("この操作ができるのは%(roles)sです。") % {"roles": who_may(ability)})


def requires(ability: Ability) -> Callable:
    """Decorate a view with what its visitor must be able to do. For an operator the portal's pages do not exist."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.user.company_id is None:
                raise Http404
            check_may(request.user, ability)
            return view(request, *args, **kwargs)

        guarded.requires = ability
        return guarded

    return decorate


def open_to_everyone(view):
    """Decorate a view that needs no sign-in, saying so on purpose."""
    view = login_not_required(view)
    view.requires = "everyone"
    return view


def open_to_signed_in(view):
    """Decorate a view that any signed-in person may use, such as the change of one's own password."""
    view.requires = "signed_in"
    return view


def allowed_at_till(view):
    """Mark a view as part of レジ業務: reachable in a session that a till operator has opened."""
    view.allowed_at_till = True
    return view
