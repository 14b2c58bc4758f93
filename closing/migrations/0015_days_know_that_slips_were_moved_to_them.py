from django.db import migrations, models


def mark_days(apps, schema_editor):
    moved = apps.get_model("closing", "Slip").objects.exclude(business_date=models.F("day__date"))
    apps.get_model("closing", "BusinessDay").objects.filter(pk__in=moved.order_by().values("day")).update(holds_moved_slips=True)


class Migration(migrations.Migration):
    dependencies = [("closing", "0014_slips_with_flagged_tax_are_found")]

    operations = [
        migrations.AddField(
            model_name="businessday",
            name="holds_moved_slips",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark_days, migrations.RunPython.noop),
    ]
