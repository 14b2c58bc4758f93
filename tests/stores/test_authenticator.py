from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from stores.authenticator import code_of, enrolment_uri, in_words, matching_step, new_secret, step_at

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_rfc_6238(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)

    assert code_of(SECRET, step_at(at)) == code
    assert matching_step(SECRET, code, at=at) == seconds // 30


def test_a_code_with_a_letter_too_many_is_none():
    assert matching_step(SECRET, "2870820", at=datetime.fromtimestamp(59, UTC)) is None


def test_the_qr_code_says_whose_secret_it_is():
    address = urlsplit(enrolment_uri(SECRET, account="1000/0101"))

    assert (address.scheme, address.netloc, unquote(address.path)) == ("otpauth", "totp", "/レジ管理画面:1000/0101")
    assert parse_qs(address.query) == {"secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"], "issuer": ["レジ管理画面"]}


def test_the_secret_is_typed_in_groups_of_four():
    assert in_words(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_no_two_people_get_the_same_secret():
    assert new_secret() != new_secret()
