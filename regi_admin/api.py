"""The register API, /api/v1/: the routes of the apps in one document, each answer in Japanese, each error a problem document."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic_core import from_json

from closing.api import days, master, movements, slips
from closing.api.bearer import RegisterBearer
from closing.api.problems import MOST_BYTES, answer_in_problems, problem_answer, too_large
from yayoi_link import api as closed_days

PROBLEM_TYPE = "application/problem+json"


class StrictParser(Parser):
    """Python's own reader takes NaN for a number, and a nesting without end."""

    def parse_body(self, request):
        return from_json(request.body, allow_inf_nan=False)


class ReadableRenderer(JSONRenderer):
    """Japanese as it is written, in the logs of whoever makes a register."""

    json_dumps_params = {"ensure_ascii": False}


class RegisterAPI(NinjaAPI):
    def get_openapi_schema(self, **options):
        """Say of every error that it is a problem document, which django-ninja does not know."""
        document = super().get_openapi_schema(**options)
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {PROBLEM_TYPE: answer["content"]["application/json"]}
        return document


def for_registers(view):
    """Let a register call the view: with its token instead of a session, answered in Japanese whatever it prefers."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answered(request, *args, **kwargs):
        with translation.override("ja"):
            if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
                return too_large()
            try:
                answer = view(request, *args, **kwargs)
            except Http404:
                return problem_answer(404, _("このURLはありません。"))
            if answer.status_code == 405:
                return problem_answer(405, _("このURLでは、その方法（HTTPメソッド）を使えません。"), headers={"Allow": answer["Allow"]})
            return answer

    answered.requires = "register_token"
    answered.allowed_at_till = True
    return answered


def unknown(request, rest):
    raise Http404


api = RegisterAPI(
    title="レジ管理画面 レジAPI",
    version="1",
    auth=RegisterBearer(),
    parser=StrictParser(),
    renderer=ReadableRenderer(),
    docs_url=None,
    urls_namespace="api",
)
answer_in_problems(api)
for routes in (slips, movements, days, closed_days, master):
    api.add_router("", routes.router)

patterns, app_name, namespace = api.urls
for pattern in patterns:
    pattern.callback = for_registers(pattern.callback)
urls = ([*patterns, path("<path:rest>", for_registers(unknown))], app_name, namespace)
