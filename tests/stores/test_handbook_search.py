"""What people type finds what they mean."""

from hypothesis import given
from hypothesis import strategies as st

from stores.handbook_search import Piece, Searched, fold, marked, search

TEXTS = [
    Searched("現金が合いません", "現金差異 過不足", "金種ごとにもう一度数えます。"),
    Searched("「結果不明」とは何ですか", "時間切れ", "弥生のスマート取引取込を開きます。"),
    Searched("I cannot sign in", "locked out", "Wait 15 minutes."),
]


def test_width_case_and_kana_make_no_difference():
    assert fold("ｽﾏｰﾄ取引 ＣＳＶ") == fold("すまーと取引 csv")


def test_a_whole_question_finds_its_answer():
    assert search("結果不明って何？", TEXTS) == [1]


def test_other_words_for_the_same_lead_there():
    assert [search(words, TEXTS) for words in ("過不足", "すまーと", "ｽﾏｰﾄ", "LOCKED", "cannot sign in")] == [[0], [1], [1], [2], [2]]


def test_what_stands_in_the_title_comes_first():
    texts = [Searched("伝票", "", "閉局のあとに開きます"), Searched("閉局", "", "伝票は要りません")]

    assert search("閉局", texts) == [1, 0]


def test_nothing_fits_what_nobody_has_written():
    assert [search(words, TEXTS) for words in ("給与計算", "", "？！", " ")] == [[]] * 4


def test_what_was_looked_for_is_marked_as_it_is_written():
    assert marked("スマート取引取込を開く", "すまーと取引") == [Piece("スマート取引", True), Piece("取込を開く", False)]


@given(st.text(), st.text())
def test_marking_loses_nothing(text, query):
    assert "".join(piece.text for piece in marked(text, query)) == text


@given(st.text())
def test_any_words_may_be_looked_for(query):
    assert set(search(query, TEXTS)) <= {0, 1, 2}
