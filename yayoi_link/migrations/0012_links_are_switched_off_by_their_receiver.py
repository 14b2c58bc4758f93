from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("yayoi_link", "0011_many_days_are_ruled_on_at_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="yayoilink",
            name="gone_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
