"""The figures on the pages of CSV取込, joined with the days and the payment methods that they are about."""

from datetime import date

from closing.models import BusinessDay, PaymentMethod


def days_of_check(found, *, store, reader):
    """The days of a file, with the 営業日 that there is already and how each method would pay."""
    names = names_of_methods(reader)
    known = business_days([day["date"] for day in found], store=store, reader=reader)
    for day in found:
        yield day | {"date": date.fromisoformat(day["date"]), "day": known.get(day["date"]), "methods": named(day["methods"], names)}


def days_of_loading(found, *, store, reader):
    known = business_days([name for name, _counts in found], store=store, reader=reader)
    return [{"date": date.fromisoformat(name), **counts, "day": known.get(name)} for name, counts in found]


def methods_of_check(days, *, reader):
    """How often each method would pay in the whole file, and how much."""
    sums = {}
    for day in days:
        for code, (slips, amount) in day["methods"].items():
            before = sums.get(code, (0, 0))
            sums[code] = (before[0] + slips, before[1] + amount)
    return named(sums, names_of_methods(reader))


def business_days(dates, *, store, reader):
    days = BusinessDay.objects.visible_to(reader).filter(store=store, date__in=dates).select_related("store")
    return {day.date.isoformat(): day for day in days}


def names_of_methods(reader):
    return dict(PaymentMethod.objects.visible_to(reader).values_list("code", "name"))


def named(methods, names):
    """In the order in which people know the methods."""
    position = {code: place for place, code in enumerate(names)}
    rows = sorted(methods.items(), key=lambda row: position.get(row[0], len(position)))
    return [{"code": code, "name": names.get(code, code), "slips": slips, "amount": amount} for code, (slips, amount) in rows]
