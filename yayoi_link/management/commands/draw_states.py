from django.conf import settings
from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from yayoi_link.states_drawing import redraw


class Command(BaseCommand):
    requires_system_checks = []
    help = _("連携の状態の表（yayoi_link/states.py）から、docs/architecture.md の図を描き直します。")

    def handle(self, **options):
        document = settings.BASE_DIR / "docs" / "architecture.md"
        document.write_text(redraw(document.read_text(encoding="utf-8")), encoding="utf-8")
