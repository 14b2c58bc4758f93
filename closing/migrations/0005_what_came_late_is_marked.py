from django.db import migrations
from django.db.models import OuterRef, Subquery

from stores.append_only import refuse_changes


def mark_what_came_late(apps, schema_editor):
    first_close = apps.get_model("closing", "Closing").objects.filter(day=OuterRef("day"), revision=1)
    slips = apps.get_model("closing", "Slip").objects.filter(day__revision__gte=1)
    late = slips.filter(entry__gt=Subquery(first_close.values("entries")))
    slips.model.objects.filter(pk__in=late.values("pk")).update(is_late=True)


class Migration(migrations.Migration):
    dependencies = [("closing", "0004_slips_are_found_late_or_entered_on_screen")]

    operations = [
        migrations.RunPython(mark_what_came_late, migrations.RunPython.noop),
        refuse_changes("closing_keptdecision"),
    ]
