"""The account mapping of a store on a 営業日: the defaults, what its company chose, and what the store has otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.categories import PaymentKind, TaxCategory
from closing.models import CashReason, PaymentMethod
from closing.models.labels import PAYMENT_KINDS, TAX_CATEGORIES
from stores import audit
from stores.audit import Origin
from stores.models import Company, Store
from yayoi_link.account_choices import (
    DEFAULTS,
    FLOAT_ADJUSTMENT_LINE,
    FLOAT_LINE,
    OVER_SHORT_LINE,
    OVERAGE_LINE,
    PICKUP_LINE,
    Choice,
    mapping_from,
    method_line,
    money_line,
    reason_line,
    sales_line,
)
from yayoi_link.accounts import Account, Mapping, ReasonAccount, TaxAccounting
from yayoi_link.history import LinkAction
from yayoi_link.models import AccountLine, AccountVersion
from yayoi_link.models.accounts import TAX_ACCOUNTINGS

SINGLE_LINES = {
    OVERAGE_LINE: gettext_lazy("金券等差額"),
    OVER_SHORT_LINE: gettext_lazy("現金過不足"),
    PICKUP_LINE: gettext_lazy("売上回収"),
    FLOAT_ADJUSTMENT_LINE: gettext_lazy("釣銭引継差額"),
    FLOAT_LINE: gettext_lazy("釣銭準備金"),
}


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What a page edits: the choices of one version, and how the company keeps its books."""

    choices: dict[str, Choice] = field(default_factory=dict)
    tax_accounting: TaxAccounting = TaxAccounting.INCLUSIVE
    is_simplified: bool = False


def mapping_of(store: Store, *, on: date) -> Mapping:
    """Return the store's mapping of that 営業日. A reason without an account stays undecided and holds the delivery."""
    company = company_settings(store.company, on=on)
    return mapping_with(store.company, company, store_choices(store, on=on))


def mapping_with(company: Company, settings: AccountSettings, otherwise: dict[str, Choice]) -> Mapping:
    """Return the mapping that the company's settings make, with what a store has `otherwise`."""
    return mapping_from(
        settings.choices | otherwise,
        reason_accounts(company),
        tax_accounting=settings.tax_accounting,
        is_simplified=settings.is_simplified,
    )


def company_settings(company: Company, *, on: date) -> AccountSettings:
    """Return what the company chose for that 営業日; the defaults before its first version."""
    version = AccountVersion.objects.of_company(company).valid_on(on).prefetch_related("lines").first()
    if version is None:
        return AccountSettings()
    return AccountSettings(version.choices, TaxAccounting(version.tax_accounting), version.is_simplified)


def store_choices(store: Store, *, on: date) -> dict[str, Choice]:
    """Return what the store has otherwise than its company on that 営業日."""
    version = AccountVersion.objects.of_store(store).valid_on(on).prefetch_related("lines").first()
    return version.choices if version else {}


def reason_accounts(company: Company) -> dict[str, ReasonAccount]:
    """Return what the company's 入出金理由 say by themselves, by code."""
    return {reason.code: _reason_account(reason) for reason in CashReason.objects.filter(company=company)}


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of one kind, in the order of the page, with the words for them. `heading` is empty where each stands for itself."""

    heading: str
    lines: dict[str, str]

    @property
    def labels(self) -> dict[str, str]:
        """The lines with words that say them outside of their group."""
        return {line: f"{self.heading}: {word}" if self.heading else word for line, word in self.lines.items()}


def line_groups(company: Company) -> list[LineGroup]:
    """Return every line that can be chosen, grouped as the page shows them."""
    methods = PaymentMethod.objects.filter(company=company).values_list("code", "name")
    reasons = CashReason.objects.filter(company=company).values_list("code", "name")
    sales = {category: TAX_CATEGORIES[category] for category in TaxCategory}
    return [
        LineGroup(_("支払"), {money_line(kind): str(PAYMENT_KINDS[kind]) for kind in PaymentKind}),
        LineGroup(_("支払方法"), {method_line(code): name for code, name in methods}),
        LineGroup(_("売上"), {sales_line(category): str(word) for category, word in sales.items() if category.is_sales}),
        LineGroup(_("売上外"), {sales_line(category): str(word) for category, word in sales.items() if not category.is_sales}),
        LineGroup(_("入出金"), {reason_line(code): name for code, name in reasons}),
        LineGroup("", {line: str(word) for line, word in SINGLE_LINES.items()}),
    ]


def line_labels(company: Company) -> dict[str, str]:
    """Return every line that can be chosen with words that say it outside of its group."""
    return {line: label for group in line_groups(company) for line, label in group.labels.items()}


def kinds_of_methods(company: Company) -> dict[str, PaymentKind]:
    """Return the kind whose account each method has where nobody chose one for it, by the method's line."""
    methods = PaymentMethod.objects.filter(company=company).values_list("code", "kind")
    return {method_line(code): PaymentKind(kind) for code, kind in methods}


def parent_choices(company: Company, *, store: Store | None, on: date) -> dict[str, Choice]:
    """Return what each line has where nobody chose: the defaults, or for a store what its company has on that 営業日.

    A method has no account of its own, and is sent as its kind is.
    """
    of_company = company_settings(company, on=on).choices
    of_kinds = {**DEFAULTS, **of_company, **(store_choices(store, on=on) if store else {})}
    reasons = CashReason.objects.filter(company=company)
    parents = {
        **DEFAULTS,
        **{line: Choice(is_sent=of_kinds[money_line(kind)].is_sent) for line, kind in kinds_of_methods(company).items()},
        **{reason_line(reason.code): Choice(reason.account, reason.sub_account, is_sent=reason.is_sent) for reason in reasons},
    }
    return parents if store is None else parents | of_company


@transaction.atomic
def save_settings(
    company: Company, settings: AccountSettings, *, store: Store | None = None, applies_from: date, by: Origin
) -> AccountVersion:
    """Let the settings apply from a 営業日 on, in place of the version that began on the same day. What was sent stays as it is."""
    before = _chosen(company, store, applies_from)
    version, _is_new = AccountVersion.objects.update_or_create(
        company=company,
        store=store,
        applies_from=applies_from,
        defaults={
            "tax_accounting": settings.tax_accounting,
            "is_simplified": settings.is_simplified,
            "changed_by": by.actor,
            "changed_at": by.at,
        },
    )
    version.lines.all().delete()
    AccountLine.objects.bulk_create(AccountLine(version=version, line=line, **asdict(choice)) for line, choice in settings.choices.items())
    _record(LinkAction.ACCOUNTS_CHANGED, version, before, settings, by=by)
    return version


class VersionApplied(Exception):
    """A 営業日 has been opened to which the version applies, or somebody withdrew the version first."""


@transaction.atomic
def withdraw_version(version: AccountVersion, *, by: Origin) -> None:
    """Take a version back that applies to no 営業日 yet: what was valid before it stays valid. Raises VersionApplied."""
    if not AccountVersion.objects.filter(pk=version.pk).not_applied_yet().exists():
        raise VersionApplied
    withdrawn = AccountSettings(version.choices, TaxAccounting(version.tax_accounting), version.is_simplified)
    version.lines.all().delete()
    AccountVersion.objects.filter(pk=version.pk).delete()
    left = _chosen(version.company, version.store, version.applies_from)
    _record(LinkAction.ACCOUNTS_WITHDRAWN, version, withdrawn, left, by=by)


def _chosen(company, store, on):
    return company_settings(company, on=on) if store is None else AccountSettings(store_choices(store, on=on))


def _record(action, version, before, after, *, by):
    with translation.override("ja"):
        changes = _changes_of_lines(version.company, before.choices, after.choices)
        if version.store is None:
            changes |= _changes_of_books(before, after)
    audit.record(
        action,
        actor=by.actor,
        company=version.company,
        store=version.store,
        subject=version.applies_from.isoformat(),
        changes=changes,
        address=by.address,
        at=by.at,
    )


def _changes_of_lines(company, before, after):
    labels = line_labels(company)
    changed = sorted(line for line in before.keys() | after.keys() if before.get(line) != after.get(line))
    return {labels.get(line, line): [_words(before.get(line)), _words(after.get(line))] for line in changed}


def _changes_of_books(before, after):
    """How the company keeps its books; a store says nothing of it."""
    words = {accounting: str(word) for accounting, word in TAX_ACCOUNTINGS}
    pairs = {
        "tax_accounting": [words[before.tax_accounting], words[after.tax_accounting]],
        "is_simplified": [_yes_or_no(before.is_simplified), _yes_or_no(after.is_simplified)],
    }
    return {AccountVersion._meta.get_field(name).verbose_name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _yes_or_no(claim):
    return _("はい") if claim else _("いいえ")


def _words(choice):
    """A choice as 操作履歴 shows it. Where there is none, the line has what its company or the defaults say."""
    if choice is None:
        return _("指定なし")
    if not choice.is_sent:
        return _("送らない")
    flags = [_("部門＝店舗") if choice.per_store else "", _("補助＝支払方法") if choice.per_method else ""]
    taxes = [choice.tax_category, choice.returned_tax_category, choice.business_type]
    return "／".join(filter(None, [choice.account, choice.sub_account, *flags, *taxes])) or _("送る")


def _reason_account(reason):
    account = Account(reason.account, reason.sub_account) if reason.account else None
    return ReasonAccount(account=account, is_expense=reason.is_expense, is_sent=reason.is_sent)
