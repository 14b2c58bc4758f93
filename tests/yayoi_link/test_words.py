"""Everything that can happen has words: a code alone is no message."""

import pytest

from yayoi_link import cause_words, state_words
from yayoi_link.addresses import LinkProblem
from yayoi_link.cause_words import cause_words as words_of
from yayoi_link.link_words import PROBLEMS
from yayoi_link.models import Outcome
from yayoi_link.states import NEEDS_A_PERSON, HoldReason, State
from yayoi_link.verdicts import ErrorCode, Verdict


def outcome(verdict, **seen):
    return Outcome(**{"verdict": verdict, "answer_fields": {}, "answer_length": 20} | seen)


def test_every_state_reason_error_verdict_and_problem_has_words():
    assert [set(state_words.CHIPS), set(state_words.MEANINGS)] == [set(State), set(State)]
    assert set(state_words.HOLD_STEPS) == set(HoldReason)
    assert [set(cause_words.ERRORS), set(cause_words.VERDICTS)] == [set(ErrorCode), set(Verdict)]
    assert set(PROBLEMS) == set(LinkProblem)


def test_everything_that_needs_a_person_says_what_to_do_in_a_few_words():
    waiting = NEEDS_A_PERSON - {State.HELD}

    assert set(waiting) | set(HoldReason) <= set(state_words.SHORT_STEPS)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (outcome(Verdict.NOT_SENT, error="NAME_NOT_FOUND"), "接続先が見つかりません（名前解決エラー）"),
        (outcome(Verdict.MOVED, status=301), "接続先リンクが移転しています"),
        (outcome(Verdict.MOVED, status=308, location_host="new.example"), "接続先リンクが移転しています（移転先: new.example）"),
        (outcome(Verdict.REJECTED, status=401), "接続先リンクをご確認ください（弥生側に認証されませんでした）［応答 401］"),
        (outcome(Verdict.REJECTED, status=404), "接続先リンクが無効です（弥生側に見つかりません）［応答 404］"),
        (outcome(Verdict.REJECTED, status=422), "弥生側が送信内容を受け付けませんでした［応答 422］"),
        (outcome(Verdict.UNKNOWN, status=500), "弥生側でエラーが起きました［応答 500］"),
        (outcome(Verdict.REFUSED, status=503), "弥生側が一時的に受け付けていません［応答 503］"),
        (outcome(Verdict.UNVERIFIED, status=204, answer_length=0), "中身のない応答が返りました（受け取りの確認がありません）［応答 204］"),
        (
            outcome(Verdict.UNVERIFIED, status=200, content_type="text/html"),
            "受け取りの確認ではなく、別のページ（ログイン画面など）が返りました［応答 200］",
        ),
        (
            outcome(Verdict.UNVERIFIED, status=200, answer_fields={"received": 3}),
            "弥生側が答えた件数が、送った件数と一致しません［応答 200］",
        ),
        (outcome(Verdict.UNKNOWN, error="WORKER_GONE"), "送信の途中で、送信を行うプログラムが止まりました"),
        (outcome(Verdict.DELIVERED, status=200), ""),
        (None, ""),
    ],
)
def test_a_cause_is_told_in_plain_words(seen, words):
    assert words_of(seen) == words


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.DELIVERED])
@pytest.mark.parametrize("status", [None, 100, 200, 302, 409, 429, 500, 599])
def test_no_outcome_is_left_without_a_cause(verdict, status):
    assert words_of(outcome(verdict, status=status))
