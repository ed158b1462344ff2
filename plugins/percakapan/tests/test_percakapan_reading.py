"""What words mean by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.percakapan import reading
from plugins.percakapan.place import street, vague


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", "menu"),
        ("Status?", "status"),
        ("cek laporan", "status"),
        ("BATAL!!", "cancel"),
        ("Selamat pagi", "hello"),
        ("rahasiakan nama", "hide"),
        ("batalkan rencana pembangunan", ""),
        ("kirim truk sampah", ""),
    ],
)
def test_only_a_whole_text_is_a_command(text: str, command: str) -> None:
    assert reading.command(text) == command


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UJI-2026-000123", ("UJI-2026-000123", "", "")),
        ("status uji 2026 123 pin 123456", ("UJI-2026-000123", "123456", "")),
        ("UJI-2026-7 123 456", ("UJI-2026-000007", "123456", "")),
        ("UJI-2026-000123 lampunya masih mati", ("UJI-2026-000123", "", "lampunya masih mati")),
        ("DPS-2026-000123", None),
        ("jalan rusak sejak 2026", None),
    ],
)
def test_numbers_and_pins(text: str, found: tuple[str, str, str] | None) -> None:
    named = reading.named(text, "UJI")
    assert (named and (named.number, named.pin, named.rest)) == found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("lampu mati di Jalan Pipit No 3, sejak Senin", "Jalan Pipit No 3"),
        ("got mampet di jl. Tukad Punggawa depan pasar", "jl Tukad Punggawa"),
        ("jalan berlubang dan gelap", ""),
        ("ada lubang di gang 5", "gang 5"),
        ("pak lampu di jl gatot subroto depan toko mati", "jl gatot subroto"),
        ("jalan di depan rumah saya rusak", ""),
    ],
)
def test_a_street_is_one_that_has_a_name(text: str, place: str) -> None:
    assert street(text) == place


def test_politeness_and_here_tell_nothing() -> None:
    assert not reading.enough("Tolong dong pak, saya mau lapor")
    assert not reading.enough("sampah")
    assert reading.enough("sampah menumpuk")
    assert vague("di depan rumah saya")
    assert not vague("depan pasar")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_can_be_kept(text: str) -> None:
    tidy = reading.tidy(text)
    tidy.encode()
    assert "\x00" not in tidy
    assert reading.tidy(tidy) == tidy
    assert len(reading.cut(tidy, 20)) <= 20
    reading.command(tidy)
    reading.named(tidy, "UJI")
    street(tidy)
