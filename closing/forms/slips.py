from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from closing.forms.booked_slips import BookedSlipsForm
from closing.forms.numbers import MOST_YEN, TypedNumberField, YenField
from closing.models import BusinessDay, PaymentMethod, Slip, SlipPayment
from closing.models.labels import SLIP_KINDS, TAX_CATEGORIES
from closing.models.slips import SlipQuerySet
from stores.forms.choices import StoreChoiceField
from stores.models import Register, Store


def date_input():
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class SlipFilterForm(BookedSlipsForm):
    """What the list of slips shows; every wish narrows it further."""

    since = forms.DateField(label=_("営業日（から）"), required=False, widget=date_input())
    until = forms.DateField(label=_("営業日（まで）"), required=False, widget=date_input())
    store = StoreChoiceField(required=False, empty_label=_("すべて"))
    register = TypedNumberField(label=_("POS番号"), required=False, min_value=1)
    kind = forms.ChoiceField(label=_("種別"), choices=[("", _("すべて")), *SLIP_KINDS.items()], required=False)
    method = forms.ModelChoiceField(label=_("支払方法"), queryset=PaymentMethod.objects.none(), required=False, empty_label=_("すべて"))
    category = forms.ChoiceField(label=_("税区分"), choices=[("", _("すべて")), *TAX_CATEGORIES.items()], required=False)
    least = YenField(label=_("金額（以上・円）"), required=False)
    most = YenField(label=_("金額（以下・円）"), required=False)
    number = forms.CharField(label=_("伝票番号"), max_length=20, required=False)
    staff_code = forms.CharField(label=_("担当者コード"), max_length=20, required=False)
    late = forms.BooleanField(label=_("後日入力だけ"), required=False)
    flagged = forms.BooleanField(label=_("消費税の違いだけ"), required=False)
    excess = forms.BooleanField(label=_("取消の超過だけ"), required=False)
    waiting = forms.BooleanField(label=_("元伝票が届いていないものだけ"), required=False)

    NEED_A_LOOK = {
        "flagged": SlipQuerySet.with_flagged_tax,
        "excess": SlipQuerySet.of_excess,
        "waiting": SlipQuerySet.awaiting_original,
    }

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, reader=reader, **kwargs)
        self.fields["store"].queryset = Store.objects.visible_to(reader).retail()
        self.fields["method"].queryset = PaymentMethod.objects.filter(company=reader.company_id)
        self.days_with_moved_slips = BusinessDay.objects.visible_to(reader).filter(holds_moved_slips=True)

    def chosen(self, slips):
        """Narrow the slips to what was asked for; a filter that makes no sense narrows nothing."""
        if not self.is_valid():
            return slips
        wishes = {
            "kind": self.cleaned_data["kind"],
            "number": self.cleaned_data["number"],
            "staff_code": self.cleaned_data["staff_code"],
            "is_late": self.cleaned_data["late"],
        }
        slips = slips.filter(**{lookup: value for lookup, value in wishes.items() if value})
        for wish, narrow in self.NEED_A_LOOK.items():
            slips = narrow(slips) if self.cleaned_data[wish] else slips
        return self._paid_so(self._of_amount(self._of_place(self._of_period(self.booked(slips)))))

    def _of_period(self, slips):
        """By the 営業日 of the books, which is the register's own unless somebody moved the slip: those few are looked up by themselves."""
        bounds = {bound: day for bound, day in (("gte", self.cleaned_data["since"]), ("lte", self.cleaned_data["until"])) if day}
        if not bounds:
            return slips
        came, booked = ({f"{name}__{bound}": day for bound, day in bounds.items()} for name in ("business_date", "day__date"))
        moved = Slip.objects.filter(day__in=self.days_with_moved_slips).exclude(business_date=F("day__date"))
        moved_in, moved_out = moved.filter(**booked), moved.filter(**came).exclude(**booked)
        pks_in, pks_out = (list(found.order_by().values_list("pk", flat=True)) for found in (moved_in, moved_out))
        return slips.filter(Q(**came) & ~Q(pk__in=pks_out) | Q(pk__in=pks_in))

    def _of_place(self, slips):
        store, register = self.cleaned_data["store"], self.cleaned_data["register"]
        if store:
            slips = slips.of_stores([store])
        return slips.filter(Exists(Register.objects.filter(pk=OuterRef("register"), number=register))) if register else slips

    def _of_amount(self, slips):
        """A red slip of 1,100 yen is found as well as the sale that it takes back."""
        least, most = self.cleaned_data["least"], self.cleaned_data["most"]
        if least is None and most is None:
            return slips
        least, most = least or 0, MOST_YEN * 10 if most is None else most
        return slips.filter(Q(total__range=(least, most)) | Q(total__range=(-most, -least)))

    def _paid_so(self, slips):
        method, category = self.cleaned_data["method"], self.cleaned_data["category"]
        if category or self.cleaned_data["nature"]:
            wanted = {"category": category, "method": method}
            return self.split_so(slips, **{name: value for name, value in wanted.items() if value})
        return slips.filter(Exists(SlipPayment.objects.filter(slip=OuterRef("pk"), method=method))) if method else slips
