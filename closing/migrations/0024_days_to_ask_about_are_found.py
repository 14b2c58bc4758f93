from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("closing", "0023_counts_are_drafted")]

    operations = [
        migrations.AddIndex(
            model_name="businessday",
            index=models.Index(condition=models.Q(("state", "OPEN")), fields=["store", "date"], name="days_open"),
        ),
        migrations.AddIndex(
            model_name="businessday",
            index=models.Index(
                condition=models.Q(("entries__gt", models.F("closed_entries"))), fields=["store", "date"], name="days_changed_after_close"
            ),
        ),
        migrations.AddIndex(
            model_name="businessday",
            index=models.Index(condition=models.Q(("is_provisional", True)), fields=["store", "date"], name="days_provisional"),
        ),
    ]
