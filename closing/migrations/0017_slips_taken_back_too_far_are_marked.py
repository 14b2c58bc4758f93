import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Sum

from stores.append_only import refuse_changes

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def mark_slips(apps, schema_editor):
    slip = apps.get_model("closing", "Slip")
    reds = slip.objects.filter(kind="REVERSAL", original__isnull=False).order_by()
    too_far = reds.values("original", "original__total").annotate(taken=Sum("total")).filter(taken__lt=-F("original__total"))
    for original, total, taken in too_far.values_list("original", "original__total", "taken"):
        blacks = slip.objects.filter(kind="CORRECTION", original__kind="REVERSAL", original__original=original)
        excess = -(total + taken + (blacks.aggregate(sum=Sum("total"))["sum"] or 0))
        slip.objects.filter(pk=original).update(excess=max(excess, 0))


class Migration(migrations.Migration):
    dependencies = [("closing", "0016_master_codes_are_plain"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="slip", name="excess", field=models.BigIntegerField(default=0, editable=False, verbose_name="取消の超過")
        ),
        migrations.CreateModel(
            name="AcceptedExcess",
            fields=[
                ("id", ID),
                ("excess", models.BigIntegerField(verbose_name="取消の超過")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="担当者"
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accepted_excesses",
                        to="closing.slip",
                        verbose_name="伝票",
                    ),
                ),
            ],
            options={
                "verbose_name": "取消の超過の確認",
                "verbose_name_plural": "取消の超過の確認",
                "ordering": ["slip", "pk"],
                "constraints": [models.UniqueConstraint(fields=["slip", "excess"], name="an_excess_is_accepted_once")],
            },
        ),
        refuse_changes("closing_acceptedexcess"),
        migrations.RunPython(mark_slips, migrations.RunPython.noop),
    ]
