from django.contrib.auth.backends import ModelBackend

from stores.models import Staff
from stores.sign_in import SignInRefused, authenticate_operator, is_in_use


class PortalBackend(ModelBackend):
    """Django's door: the admin's sign-in is for operators only, and a session ends with its person or company."""

    def authenticate(self, request, username=None, password=None, **credentials):
        if not request or not username or password is None:
            return None
        try:
            return authenticate_operator(request, username=username, password=password)
        except SignInRefused:
            return None

    def user_can_authenticate(self, user):
        return is_in_use(user)

    def get_user(self, user_id):
        person = Staff.objects.select_related("company", "second_factor").filter(pk=user_id).first()
        return person if person and is_in_use(person) else None
