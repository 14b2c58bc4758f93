"""Acting on many days at once: which ones, which of them, and the yes."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.models import BusinessDay
from stores.forms.choices import StoreChoiceField, StoresField
from stores.models import Store
from yayoi_link.bulk_preview import DOUBLING, LONGEST, BulkAct
from yayoi_link.forms.doubles import is_the_word, verify_password
from yayoi_link.forms.rulings import REASON_LENGTH
from yayoi_link.models import BulkItem

MONTH = timedelta(days=30)
LONGEST_KEY = 18  # digits


def day_input():
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class RowsField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        """Refuse numbers that no database can look for as it refuses those that no row has."""
        if endless := [key for key in value or () if len(key) > LONGEST_KEY]:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": endless[0]})
        return super().clean(value)


class StoreRowsField(RowsField, StoresField):
    """The stores of the form."""


class BulkForm(forms.Form):
    """Stores and period. Everything the reader sees is offered; nothing is done yet."""

    stores = StoreRowsField()
    first = forms.DateField(label=gettext_lazy("営業日（開始）"), widget=day_input())
    last = forms.DateField(label=gettext_lazy("営業日（終了）"), widget=day_input())

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stores"].queryset = stores = Store.objects.visible_to(reader).retail()
        today = timezone.localdate()
        self.initial = {"stores": list(stores.values_list("pk", flat=True)), "first": today - MONTH, "last": today} | self.initial

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("開始より後の日付にしてください。"))
        elif first and last and last - first >= LONGEST:
            self.add_error("last", _("期間は%(days)s日以内にしてください。") % {"days": LONGEST.days})
        return cleaned


class ChosenDaysForm(forms.Form):
    """The squares that somebody chose in the calendar. Whoever's days the reader does not see are no choice."""

    days = RowsField(
        queryset=BusinessDay.objects.none(), error_messages={"required": gettext_lazy("営業日を選んでから、操作を押してください。")}
    )

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"].queryset = BusinessDay.objects.visible_to(reader).select_related("store")


class BulkFilterForm(forms.Form):
    """Which items of the preview or the result are listed, and chosen together."""

    group = forms.ChoiceField(label=gettext_lazy("分類"), choices=[("", gettext_lazy("すべて")), *BulkItem.Group.choices], required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("結果"), choices=[("", gettext_lazy("すべて")), *BulkItem.Outcome.choices], required=False
    )
    store = StoreChoiceField(required=False, empty_label=gettext_lazy("すべて"))
    since = forms.DateField(label=gettext_lazy("営業日（開始）"), required=False, widget=day_input())
    until = forms.DateField(label=gettext_lazy("営業日（終了）"), required=False, widget=day_input())

    def __init__(self, query, *, reader, groups=(), is_draft):
        super().__init__(query)
        self.fields["store"].queryset = Store.objects.visible_to(reader).retail()
        del self.fields["outcome" if is_draft else "group"]
        if is_draft:
            self.fields["group"].choices = [("", _("すべて")), *((group.value, group.label) for group in groups)]

    def chosen(self, items):
        """Narrow the items; a filter that makes no sense narrows nothing."""
        if not self.is_valid():
            return items
        wanted = self.cleaned_data
        lookups = {
            "group": wanted.get("group"),
            "outcome": wanted.get("outcome"),
            "delivery__day__store": wanted["store"],
            "delivery__day__date__gte": wanted["since"],
            "delivery__day__date__lte": wanted["until"],
        }
        return items.filter(**{lookup: value for lookup, value in lookups.items() if value})


class StartBulkForm(forms.Form):
    """The yes. `counts` are the chosen items by group; what doubles needs the typed word and the password, as for one day."""

    was_there = forms.TypedChoiceField(
        label=gettext_lazy("弥生の「未確定の取引」に、選んだ日の内容は"),
        choices=[
            ("yes", gettext_lazy("すべてあった（このまま完了にします）")),
            ("no", gettext_lazy("まったくなかった（もう一度送ります）")),
        ],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=REASON_LENGTH, widget=forms.TextInput({"autocomplete": "off"}))
    day_confirmed = forms.BooleanField(label=gettext_lazy("連携開始日より前の営業日も、弥生に送ります"))
    typed = forms.CharField(label=gettext_lazy("確認のため「重複」と入力してください"), widget=forms.TextInput({"autocomplete": "off"}))
    password = forms.CharField(
        label=gettext_lazy("あなたのパスワード"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, request, act, counts, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.counts = request, counts
        self.initial["seen"] = self.shown_now
        for name, is_needed in self._needed(act, counts).items():
            if not is_needed:
                del self.fields[name]

    @staticmethod
    def _needed(act, counts):
        doubles = bool(DOUBLING & counts.keys())
        return {
            "was_there": act is BulkAct.SETTLE,
            "reason": not act.sends,
            "day_confirmed": BulkItem.Group.BEFORE_START in counts,
            "typed": doubles,
            "password": doubles,
        }

    @property
    def shown_now(self):
        return " ".join(f"{group}:{items}" for group, items in sorted(self.counts.items()))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != self.shown_now:
            self.add_error(None, _("表示したあとに選択が変わりました。もう一度ご確認ください。"))
        if "typed" in cleaned and not is_the_word(cleaned["typed"]):
            self.add_error("typed", _("「重複」と入力してください。"))
        if "password" in self.fields and not self.errors:
            verify_password(self, self.request, cleaned["password"])
        return cleaned

    @property
    def answers(self):
        return {name: self.cleaned_data[name] for name in ("was_there", "reason") if name in self.fields}
