"""The table of 弥生会計連携. A link goes in and never comes out: no bound form gives it back."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from closing.forms.numbers import TypedNumberField
from yayoi_link.addresses import BadLink, parse_link
from yayoi_link.link_words import PASTE_AGAIN, PROBLEMS
from yayoi_link.links import LinkEntry
from yayoi_link.models import YayoiLink
from yayoi_link.models.links import LONGEST_GRACE_MINUTES
from yayoi_link.outbound_settings import outbound_rules

# What a page may show again.
PLAIN = ("is_enabled", "starts_on", "grace_minutes")


class LinkInput(forms.TextInput):
    def format_value(self, value):
        return None


class LinkField(forms.Field):
    """Cleans to a LinkURL, whose repr is masked, or to None when the link is to stay as it is."""

    widget = LinkInput

    def to_python(self, value):
        text = (value or "").strip()
        rules = outbound_rules()
        try:
            return parse_link(text, ports=rules.ports, allow_loopback=rules.allow_loopback) if text else None
        except BadLink as problem:
            raise ValidationError([PROBLEMS[problem.code], PASTE_AGAIN], code=problem.code) from None


class LinkForm(forms.Form):
    """One store's row. `seen` is what the page showed, so that a row nobody touched undoes nobody's change."""

    is_enabled = forms.BooleanField(label=_("連携状態"), required=False, widget=forms.CheckboxInput({"role": "switch"}))
    url = LinkField(
        label=_("接続先リンク"),
        required=False,
        widget=LinkInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "data-1p-ignore": True}),
    )
    is_removed = forms.BooleanField(label=_("登録済みのリンクを削除する"), required=False)
    starts_on = forms.DateField(label=_("連携開始日"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    grace_minutes = TypedNumberField(label=_("送信猶予（分）"), required=False, max_value=LONGEST_GRACE_MINUTES)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, posted=None, *, store):
        self.store = store
        self.link = getattr(store, "yayoi_link", None) or YayoiLink(store=store)
        initial = {name: getattr(self.link, name) for name in PLAIN}
        initial["seen"] = self.as_seen(**initial)
        super().__init__(posted, prefix=f"store-{store.pk}", initial=initial)
        self.fields["url"].widget.attrs["placeholder"] = self.link.shown
        for name in ("url", *PLAIN):
            self.fields[name].widget.attrs["aria-label"] = _("%(store)sの%(field)s") % {
                "store": store.name,
                "field": self.fields[name].label,
            }

    @staticmethod
    def as_seen(*, is_enabled, starts_on, grace_minutes):
        return f"{'ON' if is_enabled else 'OFF'} {starts_on or ''} {grace_minutes}"

    @property
    def was_shown(self):
        return self.add_prefix("seen") in self.data

    @property
    def lost_its_link(self):
        """A link was pasted, and the page comes back without it."""
        return bool(self.data.get(self.add_prefix("url")))

    def clean_grace_minutes(self):
        return self.cleaned_data["grace_minutes"] or 0

    def clean(self):
        cleaned = super().clean()
        url, is_removed = cleaned.get("url"), cleaned.get("is_removed")
        if url and is_removed:
            self.add_error("url", _("新しいリンクを登録するときは、「登録済みのリンクを削除する」のチェックを外してください。"))
        if is_removed:
            cleaned["is_enabled"] = False
        if cleaned.get("is_enabled") and not url and not self.link.has_link and not self.has_error("url"):
            self.add_error("url", _("連携状態をONにするには、接続先リンクを入力してください。"))
        return cleaned

    @property
    def entry(self):
        """What is to be registered; None when nobody touched the row."""
        chosen = {name: self.cleaned_data[name] for name in PLAIN}
        secret = {name: self.cleaned_data[name] for name in ("url", "is_removed")}
        if not any(secret.values()) and self.as_seen(**chosen) == self.cleaned_data["seen"]:
            return None
        return LinkEntry(self.store, **chosen, **secret)


class LinkTable:
    """The rows of many stores. Posted, it has those that the sender's page showed and that are still visible."""

    def __init__(self, stores, posted=None):
        self.is_bound = posted is not None
        forms_of_stores = (LinkForm(posted, store=store) for store in stores)
        self.forms = [form for form in forms_of_stores if form.was_shown or not self.is_bound]

    def __iter__(self):
        return iter(self.forms)

    def is_valid(self):
        # Every row is asked, so that all mistakes are shown at once.
        wrong = sum(not form.is_valid() for form in self.forms)
        return self.is_bound and not wrong

    @property
    def entries(self):
        return [entry for form in self.forms if (entry := form.entry)]
