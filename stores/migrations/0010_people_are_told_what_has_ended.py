from django.db import migrations, models
from django.db.models import F, Q


def know_earlier_ends(apps, schema_editor):
    """Nobody is told now what ended long ago."""
    apps.get_model("stores", "Job").objects.filter(finished_at__isnull=False).update(seen_at=F("finished_at"))


class Migration(migrations.Migration):
    dependencies = [("stores", "0009_people_choose_a_language")]

    operations = [
        migrations.AddField(model_name="job", name="seen_at", field=models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.RunPython(know_earlier_ends, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(condition=Q(seen_at=None), fields=["actor", "finished_at"], name="jobs_unseen"),
        ),
    ]
