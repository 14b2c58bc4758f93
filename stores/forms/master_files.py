from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 1024 * 1024


class MasterFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSVファイル"),
        help_text=_("1 MB、1,000行まで。文字コードはUTF-8とShift_JIS（CP932）のどちらでも読み取ります。"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        max_length=255,
        allow_empty_file=True,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("ファイルが大きすぎます。1 MBまでになるように分けてください。"))
        return file


class TakeInForm(forms.Form):
    """The file that was looked at and what it looked like: nothing of it is kept between the preview and 取り込む."""

    content = forms.CharField(max_length=4 * LARGEST_FILE // 3 + 4, widget=forms.HiddenInput)
    name = forms.CharField(max_length=255, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, content, *, name, seen):
        return cls(initial={"content": b64encode(content).decode(), "name": name, "seen": seen})

    def clean_content(self):
        try:
            return b64decode(self.cleaned_data["content"], validate=True)
        except (NotBase64, ValueError) as broken:
            raise ValidationError(_("ファイルをもう一度選んでください。")) from broken
