"""What each manner of answering does: a table, so that a new fault is one line."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html

from yayoi_link.sandbox.connection import cut, fall_silent
from yayoi_link.sandbox.forms import SignInForm
from yayoi_link.sandbox.models import Instruction, Manner

LONGEST_SILENCE_SECONDS = 600
NEW_ADDRESS = "/smart-import/moved/"

type Answer = Callable[[HttpRequest, Instruction, int], HttpResponse]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How to answer, given the request, the instruction and the number of transactions; and whether rows are booked before."""

    answer: Answer
    books: bool = False


def acknowledge(request, instruction, count):
    return JsonResponse({"received": count})


def acknowledge_wrongly(request, instruction, count):
    return JsonResponse({"received": count + 1})


def break_off(request, instruction, count):
    return HttpResponse('{"received": ', content_type="application/json")


def answer_nothing(request, instruction, count):
    return HttpResponse(status=204)


def refuse(status: int) -> Answer:
    """Say no in the receiver's own recognisable way."""

    def answer(request, instruction, count):
        return with_retry_after(JsonResponse({"received": 0}, status=status), instruction)

    return answer


def be_busy(status: int) -> Answer:
    """Say what any proxy on the way might say."""

    def answer(request, instruction, count):
        return with_retry_after(error_page(status), instruction)

    return answer


def with_retry_after(response, instruction):
    if instruction.retry_after_seconds is not None:
        response["Retry-After"] = str(instruction.retry_after_seconds)
    return response


def fail(status: int) -> Answer:
    def answer(request, instruction, count):
        return error_page(status)

    return answer


def error_page(status):
    return HttpResponse(format_html("<!doctype html><title>{0}</title><h1>{0}</h1>", status), status=status)


def find_nothing(request, instruction, count):
    """Echo the path, as many servers do: whoever keeps this page keeps the secret."""
    return HttpResponse(
        format_html("<!doctype html><title>404</title><p>The requested URL {} was not found.</p>", request.path), status=404
    )


def point_elsewhere(status: int) -> Answer:
    def answer(request, instruction, count):
        return HttpResponse(status=status, headers={"Location": NEW_ADDRESS})

    return answer


def show_login_page(request, instruction, count):
    return render(request, "sandbox/sign_in.html", {"form": SignInForm()})


def say_nothing(request, instruction, count):
    return fall_silent(request, at_most_seconds=LONGEST_SILENCE_SECONDS)


def hang_up(request, instruction, count):
    return cut(request)


BEHAVIOURS = {
    Manner.NORMAL: Behaviour(acknowledge, books=True),
    Manner.REFUSE_503: Behaviour(refuse(503)),
    Manner.REFUSE_429: Behaviour(refuse(429)),
    Manner.BARE_503: Behaviour(be_busy(503)),
    Manner.BARE_429: Behaviour(be_busy(429)),
    Manner.BAD_REQUEST: Behaviour(fail(400)),
    Manner.UNAUTHORIZED: Behaviour(fail(401)),
    Manner.FORBIDDEN: Behaviour(fail(403)),
    Manner.NOT_FOUND: Behaviour(find_nothing),
    Manner.CONFLICT: Behaviour(fail(409)),
    Manner.GONE: Behaviour(fail(410)),
    Manner.TOO_LARGE: Behaviour(fail(413)),
    Manner.UNPROCESSABLE: Behaviour(fail(422)),
    Manner.SERVER_ERROR: Behaviour(fail(500)),
    Manner.MOVED: Behaviour(point_elsewhere(301)),
    Manner.REDIRECTED: Behaviour(point_elsewhere(307)),
    Manner.LOGIN_PAGE: Behaviour(show_login_page),
    Manner.NO_CONTENT: Behaviour(answer_nothing, books=True),
    Manner.WRONG_NUMBER: Behaviour(acknowledge_wrongly, books=True),
    Manner.TRUNCATED: Behaviour(break_off, books=True),
    Manner.SILENT: Behaviour(say_nothing, books=True),
    Manner.BOOK_AND_CUT: Behaviour(hang_up, books=True),
    Manner.CUT_UNREAD: Behaviour(hang_up),
}
