from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class YayoiLinkConfig(AppConfig):
    name = "yayoi_link"
    verbose_name = _("弥生会計連携")

    def ready(self):
        from yayoi_link import (  # noqa: F401
            bulk_rulings,
            export_job,
            help_books,
            needs,
            notices,
            papers_job,
            receivers,
            reconcile_job,
            usage,
            writable_names,
        )
