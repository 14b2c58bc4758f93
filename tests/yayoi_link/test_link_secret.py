from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from yayoi_link.link_secret import KeyUnavailable, decrypt, encrypt, link_hash
from yayoi_link.models import YayoiLink

LINK = "https://smart-import.example/link/TOKEN-that-nobody-may-see"
PLACE = {"company_id": 1, "store_id": 2, "version": 3}


@given(st.text())
def test_whatever_was_encrypted_is_decrypted(text):
    assert decrypt(encrypt(text, **PLACE), **PLACE) == text


def test_the_same_link_never_has_the_same_ciphertext():
    assert encrypt(LINK, **PLACE) != encrypt(LINK, **PLACE)


@pytest.mark.parametrize("elsewhere", [{"company_id": 9}, {"store_id": 9}, {"version": 9}], ids=lambda change: next(iter(change)))
def test_a_ciphertext_moved_to_another_row_does_not_open(elsewhere):
    with pytest.raises(KeyUnavailable):
        decrypt(encrypt(LINK, **PLACE), **PLACE | elsewhere)


def test_fault_45_an_older_key_still_opens(settings):
    sealed = encrypt(LINK, **PLACE)
    settings.LINK_KEYS = ["a newer key", *settings.LINK_KEYS]

    assert decrypt(sealed, **PLACE) == LINK


def test_fault_45_without_the_key_nothing_opens(settings):
    sealed = encrypt(LINK, **PLACE)
    settings.LINK_KEYS = ["another key"]

    with pytest.raises(KeyUnavailable):
        decrypt(sealed, **PLACE)


@pytest.mark.parametrize("garbage", ["", "AAAA", "no base64 at all", "ÄÖÜ", "A" * 200])
def test_a_damaged_ciphertext_does_not_open(garbage):
    with pytest.raises(KeyUnavailable):
        decrypt(garbage, **PLACE)


def test_the_hash_of_a_link_depends_on_its_own_key(settings):
    before = link_hash(LINK)
    settings.LINK_HASH_KEY = "another key"

    assert link_hash(LINK) != before


def test_rotating_the_keys_makes_the_old_one_superfluous(linked, settings):
    before = YayoiLink.objects.get()
    settings.LINK_KEYS = ["a newer key", *settings.LINK_KEYS]

    call_command("rotate_link_keys", stdout=StringIO())

    settings.LINK_KEYS = ["a newer key"]
    after = YayoiLink.objects.get()
    assert (after.opens, after.version, after.url_hash) == (True, before.version, before.url_hash)


def test_rotating_the_keys_names_the_stores_whose_link_no_key_opens(linked, settings):
    settings.LINK_KEYS = ["another key"]

    with pytest.raises(CommandError, match=r": 1000/0001$"):
        call_command("rotate_link_keys", stdout=StringIO())
