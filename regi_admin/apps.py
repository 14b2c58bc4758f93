from django.apps import AppConfig


class RegiAdminConfig(AppConfig):
    name = "regi_admin"

    def ready(self):
        from regi_admin import checks, field_words  # noqa: F401 (checks register themselves)

        field_words.speak_plainly()
