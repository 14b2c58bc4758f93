from django.db import migrations

from stores.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("yayoi_link", "0001_initial")]

    operations = [
        refuse_changes("yayoi_link_attempt"),
        refuse_changes("yayoi_link_outcome"),
        refuse_changes("yayoi_link_decision"),
    ]
