from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("closing", "0028_drawers_know_their_date_and_who_counted")]

    operations = [
        migrations.RemoveIndex(model_name="businessday", name="days_closed_again"),
        migrations.AddIndex(
            model_name="businessday",
            index=models.Index(condition=Q(revision__gt=1), fields=["date", "id", "revision"], name="days_closed_again"),
        ),
    ]
