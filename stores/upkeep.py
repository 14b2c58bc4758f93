"""What TOP asks for about stores and registers themselves: those that are missing, and old settings."""

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stores.access import Ability, may
from stores.models import Register, Store
from stores.needs import Finding, Gravity, Need, tells_needs


@tells_needs
def upkeep(person, at):
    """Yield what masters and registers need, from those who may do something about it."""
    stores = Store.objects.visible_to(person).retail().in_use()
    registers = Register.objects.in_use().filter(store__in=stores)
    if not stores.exists():
        yield _no_store(person)
    if may(person, Ability.EDIT_STORES):
        has_register = Exists(Register.objects.in_use().filter(store=OuterRef("pk")))
        yield from _without_register(stores.exclude(has_register).order_by("code", "pk"))
    if may(person, Ability.SYNC_MASTER):
        yield from _old_settings(registers.due_for_sync())


def _no_store(person):
    word, icon = _("店舗がありません"), "building-storefront"
    if may(person, Ability.EDIT_STORES):
        cause, step, page = _("まだ店舗がありません。"), _("最初の店舗を登録する"), reverse("stores:create_store")
    else:
        cause = _("担当する店舗がありません。企業管理者に担当店舗の設定を依頼してください。")
        step, page = _("自分の設定を見る"), reverse("stores:account")
    return Need("no_store", Gravity.BOOKS_UNCERTAIN, word, icon, "wait", cause, step, page)


def _without_register(stores):
    findings = tuple(Finding(store.pk, store.code, store.name, 1) for store in stores)
    if not findings:
        return
    page = reverse("stores:create_register", args=[findings[0].store_pk]) if len(findings) == 1 else reverse("stores:stores")
    cause = _("レジがないと、開局も閉局もできません。")
    yield Need("no_register", Gravity.UPKEEP, _("レジがありません"), "calculator", "wait", cause, _("レジを登録する"), page, findings)


def _old_settings(registers):
    named = {"store_pk": "store", "store_code": "store__code", "store_name": "store__name"}
    rows = registers.order_by().values_list(*named.values()).annotate(count=Count("pk")).order_by("store__code", "store")
    findings = tuple(Finding(*row) for row in rows)
    count = sum(finding.count for finding in findings)
    if not count:
        return
    amount = ngettext("レジ%(registers)s台", "レジ%(registers)s台", count) % {"registers": count}
    cause = _("最新の設定をまだ受け取っていません。")
    page = reverse("stores:master_sync")
    yield Need("not_synced", Gravity.UPKEEP, _("未同期"), "arrow-path", "warn", cause, _("マスタ同期へ"), page, findings, amount)
