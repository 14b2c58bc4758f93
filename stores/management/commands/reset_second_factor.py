from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.audit import Origin
from stores.models import Staff
from stores.second_factor import remove_factor


class Command(BaseCommand):
    help = _("スマートフォンをなくした運営担当者の二段階認証を解除します。次のログインで設定し直します。")

    def add_arguments(self, parser):
        parser.add_argument("username", help=_("運営のユーザー名"))

    def handle(self, *, username, **options):
        operator = Staff.objects.filter(company=None, username=username).first()
        if operator is None:
            raise CommandError(_("運営担当者「%(username)s」は登録されていません。") % {"username": username})
        if not remove_factor(operator, by=Origin(None, timezone.now())):
            raise CommandError(_("「%(username)s」は二段階認証を設定していません。") % {"username": username})
        self.stdout.write(_("「%(username)s」の二段階認証を解除しました。") % {"username": username})
