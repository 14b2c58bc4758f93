from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("closing", "0020_what_registers_send_is_kept")]

    operations = [
        migrations.AddField(
            model_name="interimcount",
            name="form_key",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="interimcount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key__isnull", False)), fields=("form_key",), name="interim_counts_are_pressed_once"
            ),
        ),
    ]
