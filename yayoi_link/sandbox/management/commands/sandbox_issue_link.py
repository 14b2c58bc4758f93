from urllib.parse import urljoin

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from yayoi_link.sandbox.models import Account, Link, Office


class Command(BaseCommand):
    help = "Prints the link of an account, office and label; issues it the first time. Settings: yayoi_link.sandbox.settings"

    def add_arguments(self, parser):
        parser.add_argument("--account", required=True)
        parser.add_argument("--password", required=True, help="used when the account is new")
        parser.add_argument("--office", required=True)
        parser.add_argument("--product", choices=Office.Product.values, default=Office.Product.ONLINE)
        parser.add_argument("--label", required=True)

    def handle(self, *, account, password, office, product, label, **options):
        # Demo data wants its links before the sandbox has been started for the first time.
        call_command("migrate", verbosity=0)
        link = find_or_issue(account=account, password=password, office=office, product=product, label=label)
        self.stdout.write(urljoin(settings.SANDBOX_URL, link.path))


@transaction.atomic
def find_or_issue(*, account, password, office, product, label):
    owner = Account.objects.filter(name=account).first() or Account.objects.open_account(account, password)
    books, _is_new = Office.objects.get_or_create(account=owner, name=office, product=product)
    return Link.objects.filter(office=books, label=label).first() or Link.objects.create(office=books, label=label)
