"""What must never be learnt: names, numbers, plates, addresses on the net; and chat spelling undone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plugins.lapor.service.routing.mask import masked
from plugins.lapor.service.routing.words import spoken

PIECES = st.sampled_from(
    [
        *("Pak ", "Ibu ", "a.n. ", "atas nama ", "I Wayan ", "Budi Santoso", "Ni Luh Ayu ", "Lurah ", "di "),
        *(
            "DK 1234 AB",
            "b1234xyz",
            "0812-3456-7890",
            "5171012345678901",
            "warga@contoh.id",
            "＠akun ",
            "²³ ",
        ),
        *(
            "https://contoh.id/a?b=1",
            "www.contoh.com",
            "contoh.go.id",
            "RT 05",
            "jalan ",
            "sampah ",
            "\n",
            "_",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
@example("pak Pak Pak Budi")
@example("Pak A.n. Budi I Wayan Pak Made")
def test_masking_twice_is_masking_once(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@given(TEXTS)
def test_nothing_like_a_number_a_mail_address_or_a_link_is_left(text: str) -> None:
    left = masked(text)
    assert not any(letter.isnumeric() for letter in left)
    assert "@" not in left and "://" not in left and "www." not in left.casefold()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Pak Budi Santoso tidak datang", "Pak _ tidak datang"),
        ("atas nama Siti Aminah di loket", "atas nama _ di loket"),
        ("dilihat I Wayan Sudarma kemarin", "dilihat _ kemarin"),
        ("Pak Lurah belum menjawab", "Pak Lurah belum menjawab"),
        ("mobil DK 1234 ABC parkir", "mobil _ parkir"),
        ("hubungi 0812-3456-7890 atau a.b@c.co.id", "hubungi _ atau _"),
        ("lihat https://foto.example/x dan contoh.go.id ya", "lihat _ dan _ ya"),
        ("lampu mati di RT 05 no. 12a", "lampu mati di RT _ no. _"),
    ],
)
def test_what_identifies_goes_and_the_matter_stays(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("yg tdk jln krn jlan", ["yang", "tidak", "jalan", "karena", "jalan"]),
        ("TOLOOONG lampunya matiii", ["tolong", "lampunya", "mati"]),
        ("got-nya mampet!!", ["got", "nya", "mampet"]),
        ("", []),
    ],
)
def test_chat_spelling_is_undone_and_the_typed_word_kept(text: str, plain: list[str]) -> None:
    said = spoken(text)
    assert [each.plain for each in said] == plain
    assert all(each.typed in text for each in said)


def test_a_very_long_text_without_a_space_is_read_in_no_time() -> None:
    assert len(spoken("a" * 1_000_000)) == 1
    assert spoken("@" * 1_000_000) == []
