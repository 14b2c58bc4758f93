from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("closing", "0017_slips_taken_back_too_far_are_marked")]

    operations = [
        migrations.AddIndex(
            model_name="slip",
            index=models.Index(condition=models.Q(("excess__gt", 0)), fields=["day"], name="slips_taken_back_too_far"),
        ),
    ]
