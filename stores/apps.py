from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoresConfig(AppConfig):
    name = "stores"
    verbose_name = _("店舗と担当者")

    def ready(self):
        from stores import help_articles, upkeep  # noqa: F401 (register themselves)
        from stores.master_files import people, places  # noqa: F401 (register themselves)
