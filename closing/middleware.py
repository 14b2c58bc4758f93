from django.contrib.auth.views import redirect_to_login

from closing.unsent_count import forget_unsent_count, write_unsent_count


class UnsentCountMiddleware:
    """Leads whoever sends a count after the session has expired to the sign-in and back to what was typed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "unsent_count_is_taken", False):
            forget_unsent_count(response)
        return response

    def process_view(self, request, view, args, kwargs):
        is_count = request.method == "POST" and getattr(view, "keeps_unsent_count", False)
        if not is_count or request.user.is_authenticated:
            return None
        response = redirect_to_login(request.path)
        write_unsent_count(response, request)
        return response
