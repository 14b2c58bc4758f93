from django.db import migrations

from stores.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial")]

    operations = [refuse_changes("stores_auditentry")]
