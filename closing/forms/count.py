from dataclasses import replace
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.cash import DENOMINATIONS, cash_difference, counted_total
from closing.forms.form_keys import FormKeyField
from closing.forms.numbers import PiecesField, YenField
from closing.register_settlement import RegisterCount
from closing.templatetags.figures import yen

# What a draft keeps as it was typed. The key of a form belongs to one press of its button.
DRAFTED = ("counting", "actual_cash", "reason", "carry_over", "shift", *(f"pieces{denomination}" for denomination in DENOMINATIONS))


class Counting(models.TextChoices):
    TOTAL = "TOTAL", gettext_lazy("直接入力")
    PIECES = "PIECES", gettext_lazy("金種別入力")
    UNUSED = "UNUSED", gettext_lazy("本日未使用")


class CountForm(forms.Form):
    """レジ精算 of one register: `cash` is what it should hold, `tolerance` (yen) how far off it may be without a reason.

    `draft` is what the person has typed of it before, `others_draft` what somebody else has.
    """

    hints = ()
    counting = forms.ChoiceField(label=gettext_lazy("数え方"), widget=forms.RadioSelect)
    actual_cash = YenField(label=gettext_lazy("実際のレジ内現金"), required=False)
    reason = forms.CharField(label=gettext_lazy("差異の理由"), max_length=200, required=False)
    carry_over = YenField(label=gettext_lazy("翌日釣銭準備金"), required=False)

    def __init__(self, *args, cash, is_idle, tolerance, draft=None, others_draft=None, **kwargs):
        proposed = first_shown(cash, is_idle=is_idle)
        super().__init__(*args, initial=proposed | typed_before(draft, is_idle=is_idle), prefix=f"register{cash.register}", **kwargs)
        self.cash, self.is_idle, self.tolerance = cash, is_idle, tolerance
        self.draft, self.others_draft = draft, others_draft
        self.proposed_carry_over, self.actual = proposed.get("carry_over"), None
        self.fields["counting"].choices = [choice for choice in Counting.choices if is_idle or choice[0] != Counting.UNUSED]
        self.fields["reason"].help_text = _("現金差異が%(tolerance)sを超えるときは、理由が必要です。") % {"tolerance": yen(tolerance)}
        for denomination in DENOMINATIONS:
            field = PiecesField(label=yen(denomination))
            field.widget.attrs["data-denomination"] = denomination
            self.fields[f"pieces{denomination}"] = field
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs["enterkeyhint"] = "next"

    @property
    def piece_fields(self):
        return [self[f"pieces{denomination}"] for denomination in DENOMINATIONS]

    @property
    def pieces(self):
        typed = {denomination: self.cleaned_data.get(f"pieces{denomination}") for denomination in DENOMINATIONS}
        return {denomination: number for denomination, number in typed.items() if number is not None}

    def clean(self):
        cleaned = super().clean()
        counting = cleaned.get("counting")
        if self.errors or counting == Counting.UNUSED:
            return cleaned
        cleaned["actual_cash"] = self.actual = self.counted(counting)
        cleaned["carry_over"] = self.carried_over(cleaned["actual_cash"])
        self.check_reason(cleaned["actual_cash"])
        return cleaned

    def counted(self, counting):
        if counting == Counting.PIECES and not self.pieces:
            raise ValidationError(_("金種ごとの枚数を入力してください。"))
        if counting == Counting.PIECES:
            return counted_total(self.pieces)
        if self.cleaned_data["actual_cash"] is None:
            raise ValidationError({"actual_cash": _("実際のレジ内現金を入力してください。")})
        return self.cleaned_data["actual_cash"]

    def carried_over(self, actual):
        """What was typed; left as proposed, it is never more than what is there."""
        typed = self.cleaned_data["carry_over"]
        if typed is None or typed == self.proposed_carry_over:
            return min(self.proposed_carry_over, actual)
        if typed > actual:
            self.add_error("carry_over", _("翌日釣銭準備金は、実際のレジ内現金（%(actual)s）を超えられません。") % {"actual": yen(actual)})
        return typed

    def check_reason(self, actual):
        off = cash_difference(actual, self.cash.expected_cash)
        if abs(off) > self.tolerance and not self.cleaned_data["reason"]:
            self.add_error(
                "reason", _("現金差異が許容額の%(tolerance)sを超えています。理由を入力してください。") % {"tolerance": yen(self.tolerance)}
            )

    @property
    def counted_pieces(self):
        """Pieces by denomination where the drawer was counted by them; empty for 直接入力."""
        is_by_pieces = self.cleaned_data.get("counting") == Counting.PIECES
        return {denomination: number for denomination, number in self.pieces.items() if number} if is_by_pieces else {}

    @property
    def difference(self):
        return None if self.actual is None else cash_difference(self.actual, self.cash.expected_cash)

    @property
    def count(self):
        """What `close_day` takes."""
        typed = self.cleaned_data
        if typed["counting"] == Counting.UNUSED:
            return RegisterCount(self.cash.register, self.cash.opening_float, self.cash.opening_float, is_unused=True)
        return RegisterCount(
            register=self.cash.register,
            actual_cash=typed["actual_cash"],
            carry_over=typed["carry_over"],
            reason=typed["reason"],
            pieces=self.counted_pieces,
        )


class InterimForm(CountForm):
    """中締め: the same count, but nothing is carried over, and the drawer goes on."""

    form_key = FormKeyField()
    shift = forms.CharField(label=gettext_lazy("シフト（早番など）"), max_length=20, required=False)

    def __init__(self, *args, cash, tolerance, **kwargs):
        uncounted = replace(cash, actual_cash=None, carry_over=None, counts=(), reason="", is_unused=False)
        super().__init__(*args, cash=uncounted, is_idle=False, tolerance=tolerance, **kwargs)
        self.initial["form_key"] = uuid4()
        del self.fields["carry_over"]

    def carried_over(self, actual):
        return 0


def typed_of(register, submitted):
    """What was typed of the register with this POS番号, by the names that a draft keeps."""
    sent = {name: submitted.get(f"register{register}-{name}", "") for name in DRAFTED}
    return {name: text for name, text in sent.items() if text}


def typed_before(draft, *, is_idle):
    """What a draft puts into the form. A register that has sold since is not unused any more."""
    typed = dict(draft.typed) if draft else {}
    if typed.get("counting") == Counting.UNUSED and not is_idle:
        del typed["counting"]
    return typed


def first_shown(cash, *, is_idle):
    """What the form proposes: the count of before, where there was one."""
    if cash.actual_cash is None or cash.is_unused:
        return {"counting": Counting.UNUSED if is_idle else Counting.TOTAL, "carry_over": cash.opening_float}
    return {
        "counting": Counting.PIECES if cash.counts else Counting.TOTAL,
        "actual_cash": cash.actual_cash,
        "reason": cash.reason,
        "carry_over": cash.carry_over,
        **{f"pieces{denomination}": pieces for denomination, pieces in cash.counts},
    }
