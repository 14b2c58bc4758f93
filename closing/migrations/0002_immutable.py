from django.db import migrations

from stores.append_only import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_initial")]

    operations = [
        refuse_changes("closing_closing"),
        refuse_changes("closing_closingline"),
        refuse_changes("closing_closingregister"),
    ]
