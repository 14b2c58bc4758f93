from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stores.forms.choices import StoresField
from stores.models import Company, Role, Staff, Store
from stores.models.people import SEES_ALL_STORES


class StaffForm(forms.ModelForm):
    """A person of one company, made or changed by one of its administrators."""

    role = forms.ChoiceField(label=_("権限"), choices=[("", _("選んでください")), *Role.choices])
    stores = StoresField(
        label=_("担当店舗"),
        required=False,
        help_text=_(
            "店長とスタッフは、ここで選んだ店舗だけを扱えます。企業管理者と経理・税理士は全店舗を見られるため、選ぶ必要はありません。"
        ),
    )

    class Meta:
        model = Staff
        fields = ["company", "code", "name", "role", "stores", "email"]
        widgets = {
            "company": forms.HiddenInput,
            "code": forms.TextInput({"autocomplete": "off"}),
            "email": forms.EmailInput({"autocomplete": "off"}),
        }

    def __init__(self, *args, editor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["company"].disabled = True
        self.fields["company"].queryset = Company.objects.filter(pk=editor.company_id)
        self.fields["stores"].queryset = Store.objects.visible_to(editor).retail().in_use()
        self.fields["code"].disabled = self.instance.pk is not None
        if self.instance.pk == editor.pk:
            self.fields["role"].disabled = True
            self.fields["role"].help_text = _("ご自分の権限は変更できません。ほかの企業管理者に依頼してください。")

    @property
    def changes_rights(self):
        return not {"role", "stores"}.isdisjoint(self.changed_data)

    def clean_code(self):
        code = self.cleaned_data["code"]
        if Staff.objects.filter(company=self.instance.company_id, code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("この担当者コードはすでに使われています。"))
        return code

    def clean(self):
        cleaned = super().clean()
        role = cleaned.get("role")
        if role and role not in SEES_ALL_STORES and not cleaned.get("stores"):
            self.add_error("stores", ValidationError(_("この権限では、担当店舗を1つ以上選んでください。")))
        if role in SEES_ALL_STORES:
            cleaned["stores"] = Store.objects.none()
        return cleaned
