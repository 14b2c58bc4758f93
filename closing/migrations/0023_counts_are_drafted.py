import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("closing", "0022_shifts_leave_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("SETTLEMENT", "レジ精算"), ("RECOUNT", "数え直し"), ("INTERIM", "中締め")],
                        max_length=10,
                        verbose_name="種別",
                    ),
                ),
                ("typed", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField(verbose_name="開始日時")),
                ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                (
                    "counter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="担当者",
                    ),
                ),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="count_drafts",
                        to="closing.businessday",
                        verbose_name="営業日",
                    ),
                ),
                (
                    "register",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.register",
                        verbose_name="レジ",
                    ),
                ),
            ],
            options={
                "verbose_name": "途中まで数えた内容",
                "verbose_name_plural": "途中まで数えた内容",
                "ordering": ["-saved_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "register", "counter", "kind"), name="one_draft_of_a_count_per_person")
                ],
            },
        ),
    ]
