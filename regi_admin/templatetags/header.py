from dataclasses import dataclass, field

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stores.access import Ability, may
from stores.second_factor import lacks_factor

register = template.Library()


@dataclass(frozen=True)
class Tab:
    label: str
    view: str
    paths: tuple[str, ...]
    ability: Ability = Ability.SEE_PORTAL
    items: tuple["Tab", ...] = field(default=())

    def shown_to(self, person, path):
        """Return what the header draws, or None when the person may not go there or there is nothing yet."""
        items = [shown for shown in (item.shown_to(person, path) for item in self.items) if shown]
        url = url_or_none(self.view)
        if url is None or not may(person, self.ability):
            return None
        return {"label": self.label, "url": url, "items": items, "is_current": self.leads_to(path, url)}

    def leads_to(self, path, url):
        return path == url or any(path.startswith(prefix) for prefix in self.paths)


TILL = Tab(_("レジ業務"), "closing:till", ("/register/",), Ability.OPEN_DAY)
TABS = [
    Tab(_("TOP"), "top", ()),
    TILL,
    Tab(_("売上管理"), "closing:days", ("/days/", "/slips/")),
    Tab(_("連携状況"), "yayoi_link:deliveries", ("/deliveries/", "/reconcile/")),
    Tab(
        _("運用管理"),
        "stores:settings",
        ("/settings/", "/audit/", "/jobs/"),
        items=(
            Tab(_("運用管理設定"), "stores:settings", ("/settings/",)),
            Tab(_("時間のかかる処理"), "stores:jobs", ("/jobs/",)),
            Tab(_("操作履歴"), "stores:audit", ("/audit/",), Ability.SEE_AUDIT),
        ),
    ),
    Tab(
        _("マスタ"),
        "stores:stores",
        ("/stores/", "/staff/", "/masters/"),
        Ability.SEE_MASTERS,
        items=(
            Tab(pgettext_lazy("plural", "店舗"), "stores:stores", ("/stores/",), Ability.EDIT_STORES),
            Tab(_("担当者"), "stores:staff", ("/staff/",), Ability.EDIT_STAFF),
            Tab(pgettext_lazy("plural", "支払方法"), "closing:methods", ("/masters/methods/",), Ability.SEE_MASTERS),
            Tab(_("入出金理由"), "closing:reasons", ("/masters/reasons/",), Ability.SEE_MASTERS),
        ),
    ),
]


def url_or_none(view):
    try:
        return reverse(view)
    except NoReverseMatch:
        return None


@register.inclusion_tag("header/header.html", takes_context=True)
def page_header(context):
    request = context["request"]
    person = portal_person(request)
    till_store = getattr(request, "till_store", None)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "person": person,
        "till_store": till_store,
        "tabs": tabs_of(person, request.path, till_store),
        "home": url_or_none("closing:till" if till_store else "top"),
        "help": url_or_none("stores:help"),
    }


def tabs_of(person, path, till_store):
    """Return the tabs that lead somewhere. While the initial password stands, or a second factor is missing, none does."""
    if person is None or person.must_change_password or (lacks_factor(person) and not till_store):
        return []
    shown = [tab.shown_to(person, path) for tab in ([TILL] if till_store else TABS)]
    return [tab for tab in shown if tab]


def portal_person(request):
    """Return who is signed in to the portal. An operator is not: the portal's pages do not exist for him."""
    user = getattr(request, "user", None)
    return user if user and user.is_authenticated and user.company_id else None
