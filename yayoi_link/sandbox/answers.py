"""What each manner of answering does: a table, so that a new fault is one line."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html

from yayoi_link.sandbox.connection import cut, drip, fall_silent, hang_up, say, send
from yayoi_link.sandbox.forms import SignInForm
from yayoi_link.sandbox.manners import Manner
from yayoi_link.sandbox.models import Instruction

LONGEST_SILENCE_SECONDS = 600
DRIP_SECONDS = 1
LARGEST_ANSWER = 16 * 1024  # what a caller has to read
LONGEST_HEADER = 64 * 1024
NEW_ADDRESS = "/smart-import/moved/"

# Given the request, the instruction and the number of transactions.
type Answer = Callable[[HttpRequest, Instruction, int], HttpResponse]


def acknowledge(request, instruction, count):
    return JsonResponse({"received": count})


def acknowledge_wrongly(request, instruction, count):
    return JsonResponse({"received": count + 1})


def break_off(request, instruction, count):
    return HttpResponse('{"received": ', content_type="application/json")


def acknowledge_in_text(request, instruction, count):
    return JsonResponse({"received": str(count)})


def speak_of_something_else(request, instruction, count):
    return JsonResponse({"status": "ok"})


def acknowledge_at_length(request, instruction, count):
    return HttpResponse(acknowledgement(count) + b" " * LARGEST_ANSWER, content_type="application/json")


def acknowledge_below_a_huge_header(request, instruction, count):
    return JsonResponse({"received": count}, headers={"X-Padding": "x" * LONGEST_HEADER})


def close_in_mid_body(request, instruction, count):
    return say(request, header_of(200, length=1000) + acknowledgement(count))


def drip_the_body(request, instruction, count):
    """Longer than anybody waits: the acknowledgement at the end comes too late."""
    body = b" " * LONGEST_SILENCE_SECONDS + acknowledgement(count)
    send(request, header_of(200, length=len(body)))
    return drip(request, body, pause_seconds=DRIP_SECONDS)


def drip_the_header(request, instruction, count):
    padding = b"X-Padding: " + b"x" * LONGEST_SILENCE_SECONDS + b"\r\n\r\n"
    return drip(request, b"HTTP/1.1 200 OK\r\n" + padding + acknowledgement(count), pause_seconds=DRIP_SECONDS)


def babble(request, instruction, count):
    return say(request, b"SSH-2.0-OpenSSH_9.9\r\n")


def name_status(status: int) -> Answer:
    """Answer with a status that a web framework would not let out."""

    def answer(request, instruction, count):
        return say(request, header_of(status, length=0))

    return answer


def header_of(status: int, *, length: int) -> bytes:
    return f"HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()


def acknowledgement(count: int) -> bytes:
    return json.dumps({"received": count}).encode()


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


def reset(request, instruction, count):
    return cut(request)


def leave(request, instruction, count):
    return hang_up(request)


STATUSES = (
    *(Manner.BAD_REQUEST, Manner.UNAUTHORIZED, Manner.FORBIDDEN, Manner.METHOD_NOT_ALLOWED, Manner.GONE, Manner.LENGTH_REQUIRED),
    *(Manner.TOO_LARGE, Manner.TOO_LONG, Manner.UNSUPPORTED, Manner.UNPROCESSABLE, Manner.HEADER_TOO_LARGE, Manner.NOT_IMPLEMENTED),
    *(Manner.CHOICES, Manner.NOT_MODIFIED, Manner.PAYMENT_REQUIRED, Manner.CONFLICT, Manner.SERVER_ERROR, Manner.BAD_GATEWAY),
)
PLACES = (Manner.MOVED, Manner.REDIRECTED, Manner.MOVED_FOR_GOOD, Manner.FOUND, Manner.SEE_OTHER)
ANSWERS: dict[Manner, Answer] = {
    Manner.NORMAL: acknowledge,
    Manner.NO_CONTENT: answer_nothing,
    Manner.WRONG_NUMBER: acknowledge_wrongly,
    Manner.NUMBER_AS_TEXT: acknowledge_in_text,
    Manner.OTHER_JSON: speak_of_something_else,
    Manner.TRUNCATED: break_off,
    Manner.CUT_BODY: close_in_mid_body,
    Manner.DRIPPING_BODY: drip_the_body,
    Manner.HUGE: acknowledge_at_length,
    Manner.LOGIN_PAGE: show_login_page,
    Manner.REFUSE_503: refuse(503),
    Manner.REFUSE_429: refuse(429),
    **{manner: point_elsewhere(int(manner)) for manner in PLACES},
    **{manner: fail(int(manner)) for manner in STATUSES},
    Manner.NOT_FOUND: find_nothing,
    Manner.SILENT: say_nothing,
    Manner.BOOK_AND_HANG_UP: leave,
    Manner.BOOK_AND_CUT: reset,
    Manner.CUT_UNREAD: reset,
    Manner.DRIPPING_HEADER: drip_the_header,
    Manner.HUGE_HEADER: acknowledge_below_a_huge_header,
    Manner.GARBAGE: babble,
    Manner.SWITCHING: name_status(101),
    Manner.BARE_429: be_busy(429),
    Manner.BARE_503: be_busy(503),
    Manner.GATEWAY_TIMEOUT: fail(504),
    Manner.OUT_OF_RANGE: name_status(600),
}
if unanswered := set(Manner) - ANSWERS.keys():
    raise LookupError(f"Nobody has said how to answer {sorted(unanswered)}.")
