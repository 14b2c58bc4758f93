from django.utils.translation import gettext_lazy as _


def changes_in(form):
    """Return what the form changes, as {label: [before, after]}, for 操作履歴."""
    before = {name: form.get_initial_for_field(form.fields[name], name) for name in form.changed_data}
    return {
        form.fields[name].label: [shown(form.fields[name], before[name]), shown(form.fields[name], form.cleaned_data[name])]
        for name in form.changed_data
    }


def shown(field, value):
    """Return a value as its field shows it: the label of a choice, the names of the chosen rows."""
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if value is None or value == "" or isinstance(value, int):
        return value
    if isinstance(value, str):
        return dict(getattr(field, "choices", ())).get(value, value)
    return [str(row) for row in value] if hasattr(value, "__iter__") else str(value)
