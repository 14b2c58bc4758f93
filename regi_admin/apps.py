from django.apps import AppConfig


class RegiAdminConfig(AppConfig):
    name = "regi_admin"

    def ready(self):
        from regi_admin import checks  # noqa: F401 (registers itself)
