from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from yayoi_link.restoring import after_restore


class Command(BaseCommand):
    help = _(
        "バックアップを戻したあとに実行します。まだ送っていないように見える連携をすべて「結果不明」にし、送信を再開できるようにします。"
    )

    def handle(self, **options):
        changed = after_restore()
        self.stdout.write(_("「結果不明」にした連携: %(count)s件。弥生で確認してください。送信を再開できます。") % {"count": changed})
