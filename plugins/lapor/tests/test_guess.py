"""Guessing the kind of matter from the citizen's own words."""

import pytest

from plugins.lapor.service.routing.guess import guess, stem


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("lubangnya", "lubang"),
        ("berlubang", "lubang"),
        ("tersumbat", "sumbat"),
        ("got", "got"),
        ("air", "air"),
    ],
)
def test_common_endings_and_beginnings_are_left_off(word: str, same: str) -> None:
    assert stem(word) == same


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Ada LUBANG besar di tikungan", "ROAD.POTHOLE", {"lubang"}),
        ("Selokannya meluap tiap hujan", "DRAIN.CLOG", {"selokannya"}),
        ("tumpukan sampah belum diangkut", "WASTE.PILE", {"tumpukan", "sampah"}),
        ("diminta uang pelicin di loket", "INTEGRITY.EXTORTION", {"uang", "pelicin"}),
    ],
)
def test_example_words_speak_for_their_category_and_are_named(acting, text, code, words) -> None:
    with acting():
        best = guess(text)[0]
    assert (best.category.code, set(best.words)) == (code, words)


def test_nothing_is_guessed_from_nothing(acting) -> None:
    with acting():
        assert guess("") == guess("zzz 123 !!!") == ()
        assert len(guess("lubang got sampah pungli syarat saluran")) == 3


def test_two_matters_in_one_text_are_told_less_surely(acting) -> None:
    with acting():
        alone, torn = guess("got mampet")[0], guess("got mampet dan jalan rusak")
    assert alone.strength == 3
    assert torn[0].strength < 3 and len(torn) >= 2
