import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing.registration_number import check_digit, read_registration_number


@pytest.mark.parametrize(
    "text", ["T6012345678901", "6012345678901", "Ｔ６０１２３４５６７８９０１", "t-601234 5678901", " T6012345678901 "]
)
def test_a_number_is_read_however_it_was_copied(text):
    assert read_registration_number(text) == "T6012345678901"


@pytest.mark.parametrize(
    "text", ["", "T", "T118030101877", "T60123456789011", "X6012345678901", "T2180301018771", "T0180301018771", "登録番号"]
)
def test_what_cannot_be_a_number_is_none(text):
    assert read_registration_number(text) is None


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_twelve_digits_have_exactly_one_check_digit(digits):
    accepted = [first for first in "0123456789" if read_registration_number(f"T{first}{digits}")]

    assert accepted == [str(check_digit(digits))]


@given(st.text())
def test_any_text_is_read_or_refused(text):
    number = read_registration_number(text)

    assert number is None or len(number) == 14
