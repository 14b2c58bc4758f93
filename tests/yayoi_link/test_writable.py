import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yayoi_link.writable import EQUIVALENTS, UnwritableText, columns, replaced, shortened, writable


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("渋谷店", "渋谷店"),
        ("Café Zoë", "Cafe Zoe"),
        ("が\u2060がか\u3099", "ががが"),
        ("\U00020bb7野家—新宿\u3000店\r\n", "吉野家―新宿 店"),
        ("10〜20時 ¥100", "10～20時 ￥100"),
        ("髙島屋 ①㈱", "髙島屋 ①㈱"),
        ("葛\U000e0100飾", "葛飾"),
    ],
)
def test_what_yayoi_cannot_hold_is_replaced_by_what_reads_the_same(text, written):
    assert writable(text) == written


@pytest.mark.parametrize(
    ("text", "instead"), [("𠮷野家", "吉野家"), ("渋谷〜原宿", "渋谷～原宿"), ("渋谷店", ""), ("渋谷　店 ", ""), ("渋谷😀", "")]
)
def test_it_is_told_what_is_written_instead(text, instead):
    assert replaced(text) == instead


def test_a_character_without_equivalent_is_refused_by_name():
    with pytest.raises(UnwritableText) as refused:
        writable("お花見🌸店")

    assert (refused.value.character, refused.value.text) == ("🌸", "お花見🌸店")


@given(st.text(alphabet=st.characters(codec="cp932", include_characters="¢£¬‖−〜") | st.sampled_from(list(EQUIVALENTS)), max_size=30))
def test_written_text_survives_the_encoding_of_the_file(text):
    written = writable(text)

    assert written.encode("cp932").decode("cp932") == written == writable(written)


@given(st.text(max_size=30))
def test_any_text_is_written_in_cp932_or_refused(text):
    with contextlib.suppress(UnwritableText):
        written = writable(text)

        assert written.encode("cp932").decode("cp932") == written


def test_width_counts_full_width_characters_twice():
    assert [columns(text) for text in ("ﾚｼﾞ現金", "レジ現金", "#0001")] == [7, 8, 5]


@given(st.text(alphabet="あAｱ ", max_size=20), st.integers(-3, 40))
def test_shortened_text_fits_and_does_not_end_in_a_blank(text, width):
    short = shortened(text, width)

    assert columns(short) <= max(width, 0)
    assert text.startswith(short)
    assert short == short.rstrip()
