"""What a register hears when a call fails: RFC 9457, in Japanese. No text of an exception, and nothing that was sent."""

import json
import logging

from django.db import OperationalError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from closing.slip_content import Problem
from closing.slip_messages import sentence

logger = logging.getLogger(__name__)

MOST_BYTES = 2 * 1024 * 1024
MOST_ITEMS = 1_000
NAMED = 20  # wrong fields of one call
RETRY_AFTER = 5  # seconds, for the database to come to rest


class ErrorOut(Schema):
    """What is wrong with one item or one field."""

    code: str
    field: str
    detail: str


class ProblemOut(Schema):
    """An error as in RFC 9457. `detail` is a Japanese sentence for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ErrorOut] = []


class Refused(Exception):
    """The call is answered with this status (an HTTP code) and this sentence."""

    def __init__(self, status: int, detail: str, errors: list[dict] | None = None):
        super().__init__(status)
        self.status, self.detail, self.errors = status, detail, errors or []


def titles() -> dict[int, str]:
    return {
        400: _("読み取れません"),
        401: _("接続トークンが必要です"),
        403: _("利用できません"),
        404: _("ありません"),
        405: _("この方法では使えません"),
        409: _("登録済みの内容と異なります"),
        413: _("大きすぎます"),
        422: _("内容に誤りがあります"),
        429: _("回数が多すぎます"),
        500: _("エラーが発生しました"),
        503: _("混み合っています"),
    }


def problem_answer(status: int, detail: str, *, errors: list[dict] | None = None, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return the answer of a failed call."""
    document = {"type": "about:blank", "title": titles()[status], "status": status, "detail": detail, "errors": errors or []}
    content = json.dumps(document, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type="application/problem+json", headers=headers)


def error_of(problem: Problem) -> dict[str, str]:
    """Return a problem of a slip or movement as an item of `errors`."""
    return {"code": str(problem.code), "field": problem.column, "detail": sentence(problem)}


def too_large() -> HttpResponse:
    detail = _("一度に送れるのは%(bytes)sバイト、%(items)s件までです。分けて送ってください。")
    return problem_answer(413, detail % {"bytes": f"{MOST_BYTES:,}", "items": f"{MOST_ITEMS:,}"})


def answer_in_problems(api: NinjaAPI) -> None:
    """Let every error of the API be answered by a problem document."""
    for exception, answer in ANSWERS.items():
        api.add_exception_handler(exception, answer)


def _refused(request, refusal):
    return problem_answer(refusal.status, refusal.detail, errors=refusal.errors)


def _unauthenticated(request, exception):
    detail = _("接続トークンが正しくないか、無効になっています。管理画面のマスタで、このレジの接続トークンを確かめてください。")
    return problem_answer(401, detail, headers={"WWW-Authenticate": "Bearer"})


def _throttled(request, exception):
    detail = _("短い時間に呼び出しが多すぎます。%(seconds)s秒ほど待って、まとめて送ってください。") % {"seconds": exception.wait}
    return problem_answer(429, detail, headers={"Retry-After": str(exception.wait)})


def _unreadable(request, exception):
    """django-ninja raises it for a body that is no JSON."""
    return problem_answer(400, _("送られた内容をJSON（UTF-8）として読み取れません。"))


def _invalid(request, exception):
    if any(error["type"] == "too_long" for error in exception.errors):
        return too_large()
    wrong = [".".join(map(str, error["loc"][2:] or error["loc"][1:])) for error in exception.errors[:NAMED]]
    errors = [
        {"code": error["type"].upper(), "field": field, "detail": _("「%(field)s」の形が正しくありません。") % {"field": field}}
        for error, field in zip(exception.errors, wrong, strict=False)
    ]
    return problem_answer(422, _("送られた内容に誤りがあります: %(fields)s") % {"fields": "、".join(wrong)}, errors=errors)


def _busy(request, exception):
    """The database is locked, restarts, or ended one of two transactions that waited for each other."""
    logger.warning("The register API was busy at %s", request.path)
    detail = _("ただいま混み合っています。同じ内容をもう一度送ってください。二重には登録されません。")
    return problem_answer(503, detail, headers={"Retry-After": str(RETRY_AFTER)})


def _failed(request, exception):
    # The traceback tells where; what was sent is in none of it.
    logger.exception("The register API failed at %s", request.path)
    return problem_answer(500, _("管理画面でエラーが発生しました。同じ内容をもう一度送ってください。二重には登録されません。"))


ANSWERS = {
    Refused: _refused,
    AuthenticationError: _unauthenticated,
    Throttled: _throttled,
    HttpError: _unreadable,
    ValidationError: _invalid,
    OperationalError: _busy,
    Exception: _failed,
}
