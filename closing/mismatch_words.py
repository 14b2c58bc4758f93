"""The mismatches of a proof, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from closing.mismatch import Subject, Sums
from closing.models.labels import TAX_CATEGORIES

SUBJECTS = {
    Subject.PAYMENTS: gettext_lazy("支払方法%(of)s"),
    Subject.CATEGORY: gettext_lazy("税区分「%(of)s」"),
    Subject.TAX: gettext_lazy("消費税"),
    Subject.NON_SALES_TAX: gettext_lazy("売上外の消費税"),
    Subject.RED_SLIPS: gettext_lazy("赤伝票"),
    Subject.DRAWERS: gettext_lazy("レジの現金の動き"),
    Subject.COUNT: gettext_lazy("レジ%(of)sの金種"),
    Subject.PAID_IN: gettext_lazy("入金"),
    Subject.PAID_OUT: gettext_lazy("出金"),
    Subject.OVERAGE: gettext_lazy("金券等差額"),
    Subject.OVER: gettext_lazy("現金過剰"),
    Subject.SHORT: gettext_lazy("現金不足"),
    Subject.OVERS_EXPLAINED: gettext_lazy("過剰の原因判明"),
    Subject.SHORTS_EXPLAINED: gettext_lazy("不足の原因判明"),
}


def in_words(mismatches: Iterable[Sums]) -> str:
    """Return what differs and the two sums of each: 「消費税 100円と99円」."""
    return " / ".join(map(_sentence, mismatches))


def _sentence(sums):
    subject = SUBJECTS[sums.subject] % {"of": TAX_CATEGORIES.get(sums.of, sums.of)}
    return _("%(subject)s %(one)s円と%(other)s円") % {"subject": subject, "one": f"{sums.one:,}", "other": f"{sums.other:,}"}
