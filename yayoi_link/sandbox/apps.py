from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SandboxConfig(AppConfig):
    name = "yayoi_link.sandbox"
    verbose_name = _("弥生（お試し環境）")
