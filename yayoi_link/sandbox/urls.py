from django.urls import path
from django.views.generic import RedirectView

from yayoi_link.sandbox import linking, receiving, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="transactions")),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("transactions/", views.transactions, name="transactions"),
    path("services/", linking.services, name="services"),
    path("services/add/", linking.add_service, name="add_service"),
    path("services/usen-regi/", linking.authentication, name="authentication"),
    path("services/usen-regi/consent/", linking.consent, name="consent"),
    path("services/usen-regi/office/", linking.choose_office, name="choose_office"),
    path("links/<int:pk>/", linking.show_link, name="show_link"),
    path("links/<int:pk>/answers/", views.answers, name="answers"),
    path("links/<int:pk>/postings/", views.postings, name="postings"),
    path("smart-import/<str:token>/", receiving.receive, name="receive"),
]
