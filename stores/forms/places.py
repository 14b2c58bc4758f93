from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stores.models import Company, Register, Store
from stores.outgoing_names import check_name


class StoreForm(forms.ModelForm):
    """A store of one company. The code is chosen once: it stands in every slip, file and posting."""

    class Meta:
        model = Store
        # The company takes part although nobody can change it: without it "unique in the company" would not be checked.
        fields = ["company", "code", "name", "closes_at", "difference_tolerance"]
        widgets = {
            "company": forms.HiddenInput,
            "closes_at": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "difference_tolerance": forms.NumberInput({"class": "money", "inputmode": "numeric"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["company"].disabled = True
        self.fields["company"].queryset = Company.objects.filter(pk=self.instance.company_id)
        self.fields["code"].disabled = self.instance.pk is not None
        self.fields["name"].validators.append(check_name)
        if self.instance.kind == Store.Kind.HEAD_OFFICE:
            del self.fields["closes_at"], self.fields["difference_tolerance"]

    def clean_code(self):
        """Say at the field what the constraint would say about the form as a whole."""
        code = self.cleaned_data["code"]
        if Store.objects.filter(company=self.instance.company_id, code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("この店舗コードはすでに使われています。"))
        return code


class RegisterForm(forms.ModelForm):
    """A register of one store. The POS番号 is chosen once, for the same reason."""

    class Meta:
        model = Register
        fields = ["store", "number", "name"]
        widgets = {"store": forms.HiddenInput, "number": forms.NumberInput({"class": "number", "inputmode": "numeric"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].disabled = True
        self.fields["store"].queryset = Store.objects.filter(pk=self.instance.store_id)
        self.fields["number"].disabled = self.instance.pk is not None

    def clean_number(self):
        number = self.cleaned_data["number"]
        if Register.objects.filter(store=self.instance.store_id, number=number).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("このPOS番号はすでに使われています。"))
        return number
