"""支払方法 and 入出金理由 as CSV."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from closing.forms.masters import CashReasonForm, PaymentMethodForm
from closing.masters import CodeTaken, add_master, change_master
from closing.models import CashReason, PaymentMethod
from closing.models.labels import PAYMENT_KINDS
from stores.access import Ability
from stores.forms.changes import changes_in
from stores.master_files.columns import choice, text, usage, yes_no
from stores.master_files.description import MasterFile, TakenMeanwhile, register_file

METHOD_COLUMNS = (
    text("コード", "code"),
    text("支払方法", "name"),
    choice("種別", "kind", PAYMENT_KINDS),
    usage(lambda method: method.retired_on is None),
)
REASON_COLUMNS = (
    text("コード", "code"),
    text("理由", "name"),
    yes_no("入金で使う", "for_paid_in"),
    yes_no("出金で使う", "for_paid_out"),
    yes_no("経費", "is_expense"),
    yes_no("弥生に送る", "is_sent"),
    text("勘定科目", "account"),
    text("補助科目", "sub_account"),
    usage(lambda reason: reason.retired_on is None),
)


def add(form, by):
    try:
        add_master(form.instance, changes=changes_in(form), by=by)
    except CodeTaken as taken:
        raise TakenMeanwhile from taken


def change(form, by):
    change_master(form.instance, fields=form.changed_data, changes=changes_in(form), by=by)


METHODS = register_file(
    MasterFile(
        kind="methods",
        title=pgettext_lazy("plural", "支払方法"),
        ability=Ability.EDIT_MASTERS,
        page="closing:methods",
        keys=("コード",),
        columns=lambda person: METHOD_COLUMNS,
        rows=PaymentMethod.objects.visible_to,
        blank=lambda person, cells: PaymentMethod(company=person.company),
        form=lambda values, method, person: PaymentMethodForm(values, instance=method),
        add=add,
        change=change,
        hint=gettext_lazy("コードと種別は、登録したあとは変更できません。"),
    )
)
REASONS = register_file(
    MasterFile(
        kind="reasons",
        title=gettext_lazy("入出金理由"),
        ability=Ability.EDIT_MASTERS,
        page="closing:reasons",
        keys=("コード",),
        columns=lambda person: REASON_COLUMNS,
        rows=lambda person: CashReason.objects.visible_to(person).chosen(),
        blank=lambda person, cells: CashReason(company=person.company),
        form=lambda values, reason, person: CashReasonForm(values, instance=reason),
        add=add,
        change=change,
        hint=gettext_lazy("「入金で使う」から「弥生に送る」までは、「はい」か「いいえ」で書きます。"),
    )
)
