"""端数処理 of the portal's own opinion of a slip's tax: a company's choice, valid from a 営業日 on."""

from datetime import date

from django.db import transaction

from closing.history import DayAction
from closing.models import RoundingChoice
from closing.models.labels import ROUNDINGS
from closing.tax import Rounding, rounding_on
from stores.audit import Origin
from stores.models import Company


def roundings_of(company_id: int) -> list[tuple[date, Rounding]]:
    """Return what the company chose, from which 営業日 on, for `tax.rounding_on`."""
    chosen = RoundingChoice.objects.filter(company=company_id).values_list("applies_from", "rounding")
    return [(first_day, Rounding(rounding)) for first_day, rounding in chosen]


def rounding_of(company_id: int, *, on: date) -> Rounding:
    """Return the company's 端数処理 of that 営業日; 切捨て where it chose nothing."""
    return rounding_on(roundings_of(company_id), on)


@transaction.atomic
def choose_rounding(company: Company, rounding: Rounding, *, applies_from: date, by: Origin) -> RoundingChoice:
    """Let the 端数処理 apply from a 営業日 on, in place of what began on the same day. Slips that are booked stay as they are."""
    before = rounding_of(company.pk, on=applies_from)
    chosen, _is_new = RoundingChoice.objects.update_or_create(
        company=company,
        applies_from=applies_from,
        defaults={"rounding": rounding, "changed_by": by.actor, "changed_at": by.at},
    )
    changes = {RoundingChoice._meta.get_field("rounding").verbose_name: [ROUNDINGS[before], ROUNDINGS[rounding]]}
    by.record(DayAction.ROUNDING_CHOSEN, subject=applies_from.isoformat(), changes=changes)
    return chosen
