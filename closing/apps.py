from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosingConfig(AppConfig):
    name = "closing"
    verbose_name = _("営業日")

    def ready(self):
        from closing import help_articles, master_files, moving_job, needs, notices, receivers, slip_upload, usage  # noqa: F401 (connect themselves)
