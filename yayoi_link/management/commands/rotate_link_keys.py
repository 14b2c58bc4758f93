from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from stores.second_factor import reseal_secrets
from yayoi_link.links import rotate_keys


class Command(BaseCommand):
    help = _("すべての接続先リンクと二段階認証の秘密を、LINK_KEYSの先頭の鍵で暗号化し直します。")

    def handle(self, **options):
        rotated, unreadable = rotate_keys()
        reseal_secrets()
        self.stdout.write(_("暗号化し直した接続先リンク: %(count)s件") % {"count": rotated})
        if unreadable:
            stores = "、".join(f"{link.store.company.code}/{link.store.code}" for link in unreadable)
            raise CommandError(_("LINK_KEYSのどの鍵でも開けない接続先リンクがあります: %(stores)s") % {"stores": stores})
