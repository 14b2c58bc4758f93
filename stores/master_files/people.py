"""担当者 as CSV. New people get an initial password each, on a ログインID通知書 that is shown once."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores import staff_accounts
from stores.access import Ability
from stores.forms.changes import changes_in
from stores.forms.people import StaffForm
from stores.master_files.columns import Column, by_code, choice, text, usage
from stores.master_files.description import MasterFile, register_file
from stores.models import Role, Staff, Store

BETWEEN_CODES = re.compile(r"[\s,、，]+")


def assigned_stores(person):
    """As the form shows them: those in use. One that is registered has none yet."""
    stores = getattr(person, "stores_in_use", [])
    return "" if person.sees_all_stores else " ".join(sorted(store.code for store in stores))


def columns(editor):
    """The columns for one editor, who can name the stores that exist for him."""
    stores = {store.code: store for store in Store.objects.visible_to(editor).retail().in_use()}

    def named(cell):
        codes = [code for code in BETWEEN_CODES.split(cell) if code]
        return codes, [by_code(code, stores) for code in codes]

    def read(cell):
        codes, found = named(cell)
        unknown = [code for code, store in zip(codes, found, strict=True) if store is None]
        if unknown:
            raise ValidationError(_("店舗コード「%(codes)s」の利用中の店舗がありません。") % {"codes": "」「".join(unknown)})
        return [store.pk for store in found]

    def meant(cell):
        return " ".join(sorted(store.code for store in named(cell)[1]))

    return (
        text("担当者コード", "code"),
        text("氏名", "name"),
        choice("権限", "role", dict(Role.choices)),
        Column("担当店舗", "stores", assigned_stores, read, meant),
        text("メールアドレス", "email"),
        usage(lambda person: person.is_active),
    )


def rows(editor):
    in_use = Prefetch("stores", Store.objects.retail().in_use(), to_attr="stores_in_use")
    return Staff.objects.visible_to(editor).select_related("company").prefetch_related(in_use)


def add(form, by):
    staff_accounts.add_account(form.instance, stores=list(form.cleaned_data["stores"]), by=by)


def change(form, by):
    stores = list(form.cleaned_data["stores"])
    staff_accounts.change_account(form.instance, stores=stores, changes=changes_in(form), ends_sessions=form.changes_rights, by=by)


STAFF = register_file(
    MasterFile(
        kind="staff",
        title=gettext_lazy("担当者"),
        ability=Ability.EDIT_STAFF,
        page="stores:staff",
        keys=("担当者コード",),
        columns=columns,
        rows=rows,
        blank=lambda editor, cells: Staff(company=editor.company),
        form=lambda values, person, editor: StaffForm(values, instance=person, editor=editor),
        add=add,
        change=change,
        initial_password=staff_accounts.give_initial_password,
        hint=gettext_lazy(
            "担当店舗には、店舗コードを空白で区切って書きます。新しい担当者のログインID通知書は、取り込んだ直後に一度だけ表示します。"
        ),
    )
)
