from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from closing.slip_file import problems_of_file
from closing.slip_messages import sentence
from stores.forms.choices import StoreChoiceField
from stores.models import Store

LARGEST_FILE = 20 * 1024 * 1024
PROBLEMS_SHOWN = 20


class SlipUploadForm(forms.Form):
    """Which store the file is of, and the file. What is wrong with the file as a whole is said here."""

    store = StoreChoiceField(empty_label=_("選んでください"))
    file = forms.FileField(
        label=_("伝票CSV"),
        help_text=_("20 MBまで。文字コードはUTF-8とShift_JIS（CP932）のどちらでも読み取ります。"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        max_length=255,
        allow_empty_file=True,
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        stores = Store.objects.visible_to(person).retail().in_use()
        self.fields["store"].queryset = stores
        if len(some := list(stores[:2])) == 1:
            self.initial["store"] = some[0]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("ファイルが大きすぎます。20 MBまでになるように、期間で分けてください。"))
        self.content = file.read()
        if problems := problems_of_file(self.content):
            raise ValidationError([sentence(problem) for problem in problems[:PROBLEMS_SHOWN]])
        return file
