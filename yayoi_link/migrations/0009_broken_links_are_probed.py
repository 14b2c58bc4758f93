from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("yayoi_link", "0008_closes_wait_and_differences_are_dated")]

    operations = [
        migrations.CreateModel(
            name="LinkBreaker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url_hash", models.CharField(max_length=64, unique=True)),
                ("not_sent_in_row", models.PositiveIntegerField(default=0)),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
