"""店舗 and レジ as CSV."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stores.access import Ability
from stores.forms.changes import changes_in
from stores.forms.places import RegisterForm, StoreForm
from stores.master_files.columns import Column, by_code, text, usage
from stores.master_files.description import MasterFile, register_file
from stores.models import Register, Store
from stores.store_master import add_register, add_store, change_register, change_store


def closing_time(store):
    return f"{store.closes_at:%H:%M}" if store.kind == Store.Kind.RETAIL else ""


def tolerance(store):
    return str(store.difference_tolerance) if store.kind == Store.Kind.RETAIL else ""


STORE_COLUMNS = (
    text("店舗コード", "code"),
    text("店舗名", "name"),
    Column("締め時刻", "closes_at", closing_time),
    Column("現金差異の許容額", "difference_tolerance", tolerance),
    usage(lambda store: store.retired_on is None),
)

STORES = register_file(
    MasterFile(
        kind="stores",
        title=pgettext_lazy("plural", "店舗"),
        ability=Ability.EDIT_STORES,
        page="stores:stores",
        keys=("店舗コード",),
        columns=lambda person: STORE_COLUMNS,
        rows=Store.objects.visible_to,
        blank=lambda person, cells: Store(company=person.company),
        form=lambda values, store, person: StoreForm(values, instance=store),
        add=lambda form, by: add_store(form.instance, by=by),
        change=lambda form, by: change_store(form.instance, changes=changes_in(form), by=by),
        hint=gettext_lazy("締め時刻は「05:00」のように書きます。"),
    )
)

REGISTER_COLUMNS = (
    Column("店舗コード", "", lambda register: register.store.code if register.store_id else ""),
    text("POS番号", "number"),
    text("レジ名", "name"),
    usage(lambda register: register.retired_on is None),
)


def new_register(person, cells):
    stores = {store.code: store for store in Store.objects.visible_to(person).retail().in_use()}
    store = by_code(cells["店舗コード"], stores)
    if store is None:
        raise ValidationError(_("店舗コード「%(code)s」の利用中の店舗がありません。") % {"code": cells["店舗コード"]})
    return Register(store=store)


REGISTERS = register_file(
    MasterFile(
        kind="registers",
        title=pgettext_lazy("plural", "レジ"),
        ability=Ability.EDIT_STORES,
        page="stores:stores",
        keys=("店舗コード", "POS番号"),
        columns=lambda person: REGISTER_COLUMNS,
        rows=lambda person: Register.objects.visible_to(person).select_related("store").order_by("store__code", "number", "pk"),
        blank=new_register,
        form=lambda values, register, person: RegisterForm(values, instance=register),
        add=lambda form, by: add_register(form.instance, by=by),
        change=lambda form, by: change_register(form.instance, changes=changes_in(form), by=by),
        hint=gettext_lazy("店舗は先に登録しておきます。"),
    )
)
