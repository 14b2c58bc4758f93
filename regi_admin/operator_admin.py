from django.contrib.admin.apps import AdminConfig


class OperatorAdmin(AdminConfig):
    """Django's admin with the door of the portal in front of it."""

    default_site = "stores.operator_site.OperatorSite"
