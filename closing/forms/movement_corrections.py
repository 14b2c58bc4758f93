from django import forms
from django.utils.translation import gettext_lazy as _

from closing.categories import MovementDirection
from closing.forms.cash import MovementForm, Registered
from closing.models import CashReason


class CorrectMovementForm(MovementForm):
    """入出金の訂正: the movement as it stands, to be typed as it should be."""

    COPIED = ("amount", "memo", "payee", "receipt_date", "registration_no")

    why = forms.CharField(label=_("訂正の理由"), max_length=200)

    def __init__(self, *args, movement, **kwargs):
        super().__init__(*args, day=movement.day, direction=MovementDirection(movement.direction), **kwargs)
        self.initial |= {name: getattr(movement, name) for name in self.COPIED}
        self.initial |= {"reason": movement.reason_id, "register": movement.register_id}
        self.initial |= {"registered": registered(movement), "reduced_amount": movement.reduced_amount or None}
        # A reason or register that is no longer in use may stay where it is.
        reasons = self.fields["reason"]
        reasons.queryset = reasons.queryset | CashReason.objects.filter(pk=movement.reason_id)
        registers = self.fields["register"]
        registers.queryset = registers.queryset | movement.day.store.registers.filter(pk=movement.register_id)


class CancelMovementForm(forms.Form):
    reason = forms.CharField(label=_("取消の理由"), max_length=200)


def registered(movement):
    """What was answered when it was typed."""
    if movement.registration_no:
        return Registered.YES
    return Registered.UNCLEAR if movement.is_registration_unclear else Registered.NO
