"""Sending again what is or may be at Yayoi: nobody does it without having seen which rows become double."""

import unicodedata

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from closing.signals import Wish
from stores.sign_in import SignInRefused, verify_person
from yayoi_link.presence import rows_doubled

THE_WORD = gettext_noop("重複")


class DoublesForm(forms.Form):
    """`postings` are the day's postings that are or may be at Yayoi; `seen` holds those that the page showed."""

    sends_postings_again = True
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    typed = forms.CharField(
        label=gettext_lazy("確認のため「重複」と入力してください"), required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args, postings, must_type=False, **kwargs):
        self.postings = postings
        self.needs_confirmation = must_type or (self.sends_postings_again and any(posting.doubles for posting in postings))
        super().__init__(*args, initial={"seen": self.shown_now}, **kwargs)
        if not self.needs_confirmation:
            del self.fields["typed"]

    @property
    def shown_now(self):
        return " ".join(str(posting.delivery.pk) for posting in self.postings)

    @property
    def rows_doubled(self):
        return rows_doubled(self.postings)

    def clean(self):
        cleaned = super().clean()
        if not self.wants_to_send(cleaned):
            return cleaned
        if cleaned.get("seen") != self.shown_now:
            self.add_error(None, _("表示したあとに送信の状態が変わりました。下の内容をもう一度ご確認ください。"))
        elif (
            self.needs_confirmation and self.wants_to_double(cleaned) and not self.has_error("typed") and not is_the_word(cleaned["typed"])
        ):
            self.add_error("typed", _("「重複」と入力してください。"))
        return cleaned

    def wants_to_send(self, cleaned):
        return True

    def wants_to_double(self, cleaned):
        return True


class DayForm(DoublesForm):
    """`is_before_start`: the day lies before 連携開始日, and is sent only after somebody has said so."""

    day_confirmed = forms.BooleanField(label=gettext_lazy("連携開始日より前の営業日ですが、弥生に送ります"))

    def __init__(self, *args, is_before_start=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_before_start:
            del self.fields["day_confirmed"]


class ResendForm(DayForm):
    """In the portal the password is asked for again."""

    password = forms.CharField(
        label=gettext_lazy("あなたのパスワード"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if self.needs_confirmation:
            self.fields["typed"].required = True
        else:
            del self.fields["password"]

    def clean(self):
        cleaned = super().clean()
        if self.needs_confirmation and not self.errors:
            verify_password(self, self.request, cleaned.get("password", ""))
        return cleaned


class CloseAgainForm(DoublesForm):
    """What a second close sends. At レジ業務 the password has just been entered."""

    wish = forms.ChoiceField(
        label=gettext_lazy("弥生への送り方"),
        widget=forms.RadioSelect,
    )
    day_confirmed = forms.BooleanField(label=gettext_lazy("連携開始日より前の営業日ですが、弥生に送ります"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["wish", "typed", "day_confirmed"]

    def __init__(self, *args, day, correction, must_choose, is_before_start, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["revision"] = day.revision
        if must_choose:
            self.fields["wish"].choices = wishes(correction)
            # What is there already is sent again only when told to.
            self.initial["wish"] = Wish.NOTHING if correction.is_identical else None
        else:
            del self.fields["wish"]
        if not is_before_start:
            del self.fields["day_confirmed"]

    def wants_to_send(self, cleaned):
        return self.chosen_wish(cleaned) != Wish.NOTHING

    def wants_to_double(self, cleaned):
        return self.chosen_wish(cleaned) == Wish.EVERYTHING

    def chosen_wish(self, cleaned):
        return Wish(cleaned.get("wish") or Wish.NOTHING) if "wish" in self.fields else Wish.EVERYTHING

    @property
    def decision(self):
        """The arguments of `close_again_knowingly`."""
        return {
            "seen_revision": self.cleaned_data["revision"],
            "seen_postings": {posting.delivery.pk for posting in self.postings},
            "wish": self.chosen_wish(self.cleaned_data),
            "day_confirmed": self.cleaned_data.get("day_confirmed", False),
        }


def wishes(correction):
    """What can be sent of a closed day: 差分 only where it is known to what, and where something differs."""
    difference = [(Wish.DIFFERENCE, gettext_lazy("差分を送る"))] if correction.is_needed else []
    return [(Wish.NOTHING, gettext_lazy("送らない")), *difference, (Wish.EVERYTHING, gettext_lazy("全件を送る"))]


class DifferenceForm(ResendForm):
    """差分 doubles nothing that the portal knows of: no typed word, unless only the gate journal knows what was sent.

    What is at Yayoi must still be what the page showed.
    """

    sends_postings_again = False


def verify_password(form, request, password):
    person = request.user
    try:
        verify_person(request, person, account=person.username, password=password)
    except SignInRefused:
        form.add_error("password", _("パスワードが正しくありません。続けて間違えると、しばらく確認できなくなります。"))


def is_the_word(typed):
    """In the language of the page, whatever width it was typed in."""
    return unicodedata.normalize("NFKC", typed).strip().casefold() in {THE_WORD, _(THE_WORD).casefold()}
