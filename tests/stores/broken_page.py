"""A page that fails, for the page that says so."""

from django.urls import include, path


def broken(request):
    return 1 / 0


urlpatterns = [path("broken/", broken), path("", include("regi_admin.urls"))]
