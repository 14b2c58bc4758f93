from django.urls import path

from stores.views import password, sign_in

app_name = "stores"
urlpatterns = [
    path("login/", sign_in.sign_in, name="sign_in"),
    path("logout/", sign_in.sign_out, name="sign_out"),
    path("password/", password.change_password, name="change_password"),
]
