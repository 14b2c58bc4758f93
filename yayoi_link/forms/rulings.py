from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

REASON_LENGTH = 200


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=REASON_LENGTH, widget=forms.TextInput({"autocomplete": "off"}))


class Found(TextChoices):
    YES = "yes", _("あった（このまま完了にします）")
    NO = "no", _("なかった（もう一度送ります）")
    IN_PART = "part", _("一部だけあった（なかった行を差分として送ります）")


OF_PAST = {Found.YES: _("あった"), Found.NO: _("なかった"), Found.IN_PART: _("一部だけあった")}


class SettleForm(ReasonForm):
    """What somebody found in Yayoi's 未確定の取引. `entries` are the rows that were sent, as far as they are known.

    Of an earlier posting (`is_past`) the answer sends nothing.
    """

    was_there = forms.ChoiceField(label=_("弥生の「未確定の取引」に、下の内容は"), choices=Found, widget=forms.RadioSelect)
    found_keys = forms.MultipleChoiceField(
        label=_("「一部だけあった」のとき: 弥生にあった行"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["was_there", "found_keys", "reason"]

    def __init__(self, *args, entries, is_past=False, **kwargs):
        super().__init__(*args, **kwargs)
        answers = [(found.value, OF_PAST[found] if is_past else found.label) for found in Found]
        self.fields["was_there"].choices = answers if len(entries) > 1 else answers[:2]
        if len(entries) < 2:
            del self.fields["found_keys"]
        else:
            self.fields["found_keys"].choices = [(entry.key, f"{entry.description} ¥{entry.amount:,}") for entry in entries]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("was_there") == Found.IN_PART and not self.has_error("found_keys"):
            self._check_part(len(cleaned["found_keys"]))
        return cleaned

    def _check_part(self, found):
        if not found:
            self.add_error("found_keys", _("弥生にあった行にチェックを付けてください。1行もなければ「なかった」を選んでください。"))
        elif found == len(self.fields["found_keys"].choices):
            self.add_error("found_keys", _("すべての行にチェックが付いています。すべてあったときは「あった」を選んでください。"))
