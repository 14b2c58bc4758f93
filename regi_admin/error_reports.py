from django.views.debug import SafeExceptionReporterFilter


class NoFormValues(SafeExceptionReporterFilter):
    """Keeps what people type out of error reports, on a developer's screen too: links and passwords are among it."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return {} if request is None else dict.fromkeys(request.POST, self.cleansed_substitute)
