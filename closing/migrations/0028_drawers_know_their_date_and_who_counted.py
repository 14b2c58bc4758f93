import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from stores.append_only import allow_changes, refuse_changes


def fill(apps, schema_editor):
    """Who counted a drawer stands in its レジ精算; where nobody is known, it was who closed the day."""
    closings = apps.get_model("closing", "Closing").objects.filter(pk=OuterRef("closing"))
    counted = apps.get_model("closing", "RegisterDay").objects.filter(
        day__closings=OuterRef("closing"), register=OuterRef("register"), state__in=("COUNTED", "UNUSED")
    )
    drawers = apps.get_model("closing", "ClosingRegister").objects.order_by()
    drawers.update(date=Subquery(closings.values("day__date")))
    counter = Coalesce(Subquery(counted.values("counted_by")[:1]), Subquery(closings.values("closed_by")))
    drawers.filter(actual_cash__isnull=False).update(counted_by=counter)
    # PostgreSQL looks up what the new column refers to at the end of the transaction, and until then changes nothing about the table.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("closing", "0027_days_of_closings_are_read_from_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        allow_changes("closing_closingregister"),
        migrations.AddField(model_name="closingregister", name="date", field=models.DateField(null=True, verbose_name="営業日")),
        migrations.AddField(
            model_name="closingregister",
            name="counted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="精算した担当者",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(model_name="closingregister", name="date", field=models.DateField(verbose_name="営業日")),
        migrations.RemoveIndex(model_name="closingregister", name="registers_counted"),
        migrations.AddIndex(
            model_name="closingregister",
            index=models.Index(
                condition=Q(counted_by__isnull=False), fields=["register", "date", "counted_by", "closing"], name="drawers_counted"
            ),
        ),
        migrations.AddConstraint(
            model_name="closingregister",
            constraint=models.CheckConstraint(
                condition=Q(actual_cash=None, counted_by=None) | Q(actual_cash__isnull=False, counted_by__isnull=False),
                name="who_counted_a_drawer_is_known",
            ),
        ),
        refuse_changes("closing_closingregister"),
        migrations.AddIndex(
            model_name="businessday",
            index=models.Index(condition=Q(revision__gt=1), fields=["id", "revision"], name="days_closed_again"),
        ),
    ]
