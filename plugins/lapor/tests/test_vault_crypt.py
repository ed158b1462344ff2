"""The vault's arithmetic: what is locked opens in its own place alone, and equal numbers find each other."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.lapor.service.vault import crypt
from superapp.sdk import BrokenSeal

KEY = bytes(range(32))
HERE = crypt.place(1, "vault_contact", "name", "a")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120)


@given(TEXT)
def test_what_was_locked_opens_again(text: str) -> None:
    assert crypt.unlock(KEY, crypt.lock(KEY, text, HERE), HERE) == text


def test_an_empty_text_stays_empty_and_needs_no_key() -> None:
    assert crypt.lock(KEY, "", HERE) == b""
    assert crypt.unlock(b"", b"", "") == ""


@given(TEXT, st.integers(0, 3))
def test_another_government_table_column_or_row_opens_nothing(text: str, part: int) -> None:
    parts: list[object] = [1, "vault_contact", "name", "a"]
    parts[part] = [2, "vault_person", "phone", "b"][part]
    locked = crypt.lock(KEY, text, HERE)
    with pytest.raises(BrokenSeal):
        crypt.unlock(KEY, locked, crypt.place(*parts))  # type: ignore[arg-type]


@given(TEXT, st.data())
def test_a_changed_or_cut_byte_opens_nothing(text: str, data: st.DataObject) -> None:
    locked = bytearray(crypt.lock(KEY, text, HERE))
    locked[data.draw(st.integers(0, len(locked) - 1))] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(locked), bytes(locked[: len(locked) // 2]), b"x"):
        with pytest.raises(BrokenSeal):
            crypt.unlock(KEY, broken, HERE)


def test_another_key_opens_nothing_and_no_two_ciphertexts_are_alike() -> None:
    first, second = crypt.lock(KEY, "Ayu", HERE), crypt.lock(KEY, "Ayu", HERE)
    assert first != second and b"Ayu" not in first
    assert first[: crypt.NONCE_BYTES] != second[: crypt.NONCE_BYTES]
    for wrong in (KEY[::-1], b"", KEY[:16]):
        with pytest.raises(BrokenSeal):
            crypt.unlock(wrong, first, HERE)


def test_the_length_of_what_is_locked_does_not_tell_that_of_the_name() -> None:
    lengths = {len(crypt.lock(KEY, "a" * n, HERE)) for n in range(1, crypt.BLOCK)}
    assert lengths == {crypt.NONCE_BYTES + crypt.BLOCK + 16}
    assert len(crypt.lock(KEY, "a" * crypt.BLOCK, HERE)) == crypt.NONCE_BYTES + 2 * crypt.BLOCK + 16


def test_a_key_wraps_and_opens_in_its_place_alone() -> None:
    inner = crypt.fresh_key()
    assert len(inner) == crypt.KEY_BYTES == 32 and inner != crypt.fresh_key()
    wrapped = crypt.wrap(KEY, inner, HERE)
    assert crypt.unwrap(KEY, wrapped, HERE) == inner and len(wrapped) == 60
    with pytest.raises(BrokenSeal):
        crypt.unwrap(KEY, wrapped, HERE + "x")


PREFIXES = ("0", "+62", "62", "0062", "+62 (0)", "+62 0", "")
BREAKS = ("", " ", "-", ".")


@given(st.integers(800_0000, 8999_9999_9999), st.sampled_from(BREAKS))
def test_every_spelling_of_a_phone_number_is_the_same_number(number: int, between: str) -> None:
    digits = f"8{str(number)[1:]}"
    spelled = between.join((digits[:3], digits[3:6], digits[6:]))
    found = {crypt.normal("phone", f"{prefix}{spelled}") for prefix in PREFIXES}
    assert found == {f"62{digits}"}


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("phone", "0361 123456", "62361123456"),
        ("phone", "+61 2 9374 4000", "61293744000"),
        ("phone", "0061 2 9374 4000", "61293744000"),
        ("phone", "+0812", "0812"),
        ("phone", "112", "112"),
        ("phone", "", ""),
        ("phone", "tanpa nomor", ""),
        ("phone", "８１２ ３４５", "62812345"),
        ("email", "  Ayu@Contoh.ID ", "ayu@contoh.id"),
        ("nik", "5171.0112.3456.7890", "5171011234567890"),
    ],
)
def test_numbers_and_addresses_have_one_spelling(field: str, text: str, told: str) -> None:
    assert crypt.normal(field, text) == told


def test_a_tag_differs_by_key_field_use_and_value_and_an_empty_value_has_none() -> None:
    values = product((KEY, KEY[::-1]), ("name", "nik"), ("0812345678", "0812345679"), ("search", "link"))
    tags = [crypt.tag(*each) for each in values]
    assert len(set(tags)) == len(tags) == 16
    assert all(tag is not None and len(tag) == crypt.TAG_BYTES for tag in tags)
    assert crypt.tag(KEY, "phone", "0812 345-678") == crypt.tag(KEY, "phone", "+62812345678")
    assert crypt.tag(KEY, "phone", "0812345678") == crypt.tag(KEY, "phone", "0812345678", "search")
    for empty in ("", " ", "-"):
        assert crypt.tag(KEY, "phone", empty) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("ayu@contoh.id", "email"),
        ("5171011234567890", "nik"),
        ("5171 0112 3456 7890", "nik"),
        ("+5171011234567890", "phone"),
        ("0812 3456 7890", "phone"),
        ("112233", "phone"),
        ("11223", None),
        ("1" * 20, "phone"),
        ("1" * 21, None),
        ("Ayu", None),
        ("", None),
    ],
)
def test_what_is_searched_for_is_recognised(text: str, field: str | None) -> None:
    assert crypt.kind_of(text) == field
