from django.contrib import admin
from django.urls import include, path

from regi_admin import api, views

handler500 = "regi_admin.failures.server_error"
urlpatterns = [
    path("", views.top, name="top"),
    path("top/mornings/", views.top_part, {"part": "mornings"}, name="top_mornings"),
    path("top/differences/", views.top_part, {"part": "differences"}, name="top_differences"),
    path("top/sales/", views.top_part, {"part": "sales"}, name="top_sales"),
    path("language/", views.change_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("stores.urls")),
    path("", include("yayoi_link.urls")),
    path("", include("closing.urls")),
]
