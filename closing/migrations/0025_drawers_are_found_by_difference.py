from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("closing", "0024_days_to_ask_about_are_found")]

    operations = [
        migrations.AddIndex(
            model_name="closingregister",
            index=models.Index(fields=["cash_difference"], name="registers_by_difference"),
        ),
    ]
