from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.models import Company
from stores.new_company import create_company


class Command(BaseCommand):
    help = _("企業、その管理店舗、最初の企業管理者を登録し、ログインに使うコードと初期パスワードを表示します。")

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", help=_("企業コード"))
        parser.add_argument("name", metavar="NAME", help=_("企業名"))

    def handle(self, *, code, name, **options):
        try:
            administrator, password = create_company(code, name, at=timezone.now())
        except ValidationError as error:
            raise CommandError("\n".join(sentences(error))) from None

        self.stdout.write(_("企業コード: %(code)s") % {"code": administrator.company.code})
        self.stdout.write(_("担当者コード: %(code)s") % {"code": administrator.code})
        self.stdout.write(_("初期パスワード: %(password)s") % {"password": password})


def sentences(error):
    for field, texts in error.message_dict.items():
        yield f"{Company._meta.get_field(field).verbose_name}: {' '.join(texts)}"
