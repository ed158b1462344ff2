"""Answers to a category's questions: whatever is sent, it is kept in one shape or refused with words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.lapor.contracts import Question
from plugins.lapor.service.coach.judge import LINE_MAX, TEXT_MAX, Wrong, in_words, judge, shown_number
from plugins.lapor.service.coach.rules import faults
from plugins.lapor.service.validate import fault
from superapp.sdk import new_id

TODAY = date(2026, 3, 17)
OPTIONS = ("Bisa", "Sebagian", "Tidak, sama sekali")
PLAIN = Question(
    *(new_id(), "LIGHT", "pole", "string", "Berapa?", "", (), False, False, 10, None, None),
    *("", 1, None, None, ""),
)
KINDS = {
    "string": PLAIN,
    "text": replace(PLAIN, kind="text"),
    "number": replace(PLAIN, kind="number", low=-5, high=1000),
    "date": replace(PLAIN, kind="date"),
    "choice": replace(PLAIN, kind="choice", options=OPTIONS),
    "several": replace(PLAIN, kind="several", options=OPTIONS, high=2),
    "file": replace(PLAIN, kind="file"),
}
odd_text = st.text() | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "e" + "\u0301" * 100,
        "\u202egnp.",
        "1e308",
        "NaN",
        "Infinity",
        "9" * 400,
        "½",
        "١٢",
        "Bisa",
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_text | st.just(1e308) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(sent=anything)
def test_anything_is_kept_in_one_shape_or_refused_with_words(kind: str, sent: object) -> None:
    question = KINDS[kind]
    try:
        kept = judge(question, sent, TODAY)
    except Wrong as wrong:
        assert wrong.message
        assert wrong.code
        return
    assert isinstance(kept, tuple)
    assert all(isinstance(each, str) and each and not fault(each) for each in kept)
    assert len(kept) <= max(1, len(question.options))
    if kept:
        # What was kept is an answer itself, and is read as the same one.
        again: object = list(kept) if kind == "several" else kept[0]
        if kind == "number":
            again = kept[0].replace(".", ",")
        assert judge(question, again, TODAY) == kept
        assert in_words(kind, kept, "cm")


@given(st.decimals(min_value=-5, max_value=1000, allow_nan=False, places=3))
def test_a_number_keeps_its_value_however_it_is_written(value: Decimal) -> None:
    question = KINDS["number"]
    here = f"{value:f}".replace(".", ",")
    assert judge(question, here, TODAY) == judge(question, [here], TODAY)
    (kept,) = judge(question, here, TODAY)
    assert Decimal(kept) == value
    assert "e" not in kept.lower()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.284", "1284"),
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        ("12.345.678,9", "12345678.9"),
        (" 7 ", "7"),
        ("−3", "-3"),
    ],
)
def test_numbers_are_read_as_people_here_write_them(written: str, meant: str) -> None:
    assert judge(replace(KINDS["number"], low=None, high=None), written, TODAY) == (meant,)
    assert shown_number(1284) == "1.284"
    assert shown_number(-2.5) == "-2,5"


WRONG = [
    ("string", "a" * (LINE_MAX + 1), "length"),
    ("text", "a" * (TEXT_MAX + 1), "length"),
    ("string", "a\x00b", "characters"),
    ("string", 5, "type"),
    ("number", "1e3", "format"),
    ("number", float("nan"), "range"),
    ("number", 1e308, "range"),
    ("number", True, "format"),
    ("number", "1000,1", "range"),
    ("date", "17-03-2026", "format"),
    ("date", "2026-02-30", "format"),
    ("date", (TODAY + timedelta(days=1)).isoformat(), "range"),
    ("choice", "Mungkin", "choice"),
    ("choice", ["Bisa", "Sebagian"], "choice"),
    ("several", ["Bisa"] * 7, "choice"),
    ("several", list(OPTIONS), "count"),
    ("several", [["Bisa"]], "choice"),
    ("file", "foto.jpg", "type"),
]


@pytest.mark.parametrize(("kind", "sent", "code"), WRONG)
def test_a_wrong_answer_says_why(kind: str, sent: object, code: str) -> None:
    with pytest.raises(Wrong) as refused:
        judge(KINDS[kind], sent, TODAY)
    assert refused.value.code == code


def test_dates_have_bounds_in_days_from_today() -> None:
    week = replace(KINDS["date"], low=-7, high=7)
    assert judge(week, "2026-03-24", TODAY) == ("2026-03-24",)
    with pytest.raises(Wrong):
        judge(week, "2026-03-09", TODAY)


BAD = [
    ({"kind": "choice", "options": []}, "options"),
    ({"kind": "choice", "options": ["Satu"]}, "options"),
    ({"kind": "several", "options": ["Ya", "Ya"]}, "options"),
    ({"kind": "number", "options": ["Ya", "Tidak"]}, "options"),
    ({"kind": "number", "low": 5.0, "high": 1.0}, "low"),
    ({"kind": "string", "high": 5000.0}, "high"),
    ({"kind": "text", "low": 1.5}, "low"),
    ({"kind": "choice", "options": ["Ya", "Tidak"], "low": 1.0}, "low"),
    ({"kind": "several", "options": ["Ya", "Tidak"], "high": 3.0}, "high"),
    ({"kind": "string", "label": "x" * 201}, "label"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_a_question_that_nobody_could_answer_is_named(changes: dict[str, object], field: str) -> None:
    whole = {
        "kind": "string",
        "label": "Apa?",
        "help": "",
        "unit": "",
        "options": [],
        "low": None,
        "high": None,
    }
    assert not list(faults(whole))
    assert field in {each.field for each in faults({**whole, **changes})}
