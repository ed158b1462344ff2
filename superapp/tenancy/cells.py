"""One cell of a table: from text to value, and back to the one text that means this value."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from difflib import get_close_matches
from typing import Any

from superapp.tenancy.files import Column

YES, NO = "ya", "tidak"
_BOOLS = {YES: True, "true": True, "1": True, NO: False, "false": False, "0": False}


class CellError(ValueError):
    """A cell cannot be read. `problem` says what is wrong, `remedy` what to write."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} {remedy}".rstrip())


def read(column: Column, text: str) -> Any:
    """The typed value of a cell. Raises CellError."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip()) or column.default
    if not text:
        if column.required:
            raise CellError("kosong.", column.remedy or f"Isi {_expected(column)}.")
        return empty(column)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
        raise CellError("memuat karakter kendali.", "Hapus karakter yang tidak terlihat.")
    value = _typed(column, text)
    for part in value if column.kind == "list" else (text,):
        _judge(column, part)
    if column.kind in {"int", "float"}:
        _judge_range(column, value)
    return value


def empty(column: Column) -> Any:
    """What an empty cell of this column means."""
    if column.kind == "text":
        return None if column.nullable else ""
    return {"list": [], "bool": False}.get(column.kind)


def write(column: Column, value: Any) -> str:
    """The one text for a value: reading it gives the value again."""
    if value is None:
        return ""
    if column.kind == "bool":
        return YES if value else NO
    if column.kind == "list":
        return "|".join(value)
    if column.kind == "float":
        return repr(float(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def nearest(word: str, words: list[str] | tuple[str, ...]) -> str:
    """ "Mungkin maksudnya X." when one of `words` looks like `word`, else ""."""
    found = get_close_matches(word, words, n=1, cutoff=0.6)
    return f"Mungkin maksudnya {found[0]}." if found else ""


def _typed(column: Column, text: str) -> Any:
    if column.kind == "list":
        return [part.strip() for part in text.split("|") if part.strip()]
    if column.kind == "bool":
        if text.lower() not in _BOOLS:
            raise CellError(f"{text!r} bukan ya atau tidak.", "Tulis ya atau tidak.")
        return _BOOLS[text.lower()]
    try:
        if column.kind == "date":
            return date.fromisoformat(text)
        if column.kind == "int":
            return int(text)
        if column.kind == "float":
            return float(text)
    except ValueError:
        raise CellError(f"{text!r} tidak terbaca.", column.remedy or f"Isi {_expected(column)}.") from None
    return text


def _judge(column: Column, text: str) -> None:
    if column.choices and text not in column.choices:
        raise CellError(
            f"{text!r} bukan pilihan.",
            nearest(text, column.choices) or f"Pilih salah satu: {', '.join(column.choices)}.",
        )
    if column.pattern and not re.fullmatch(column.pattern, text):
        raise CellError(f"{text!r} tidak sesuai bentuknya.", column.remedy or f"Bentuknya {column.pattern}.")


def _judge_range(column: Column, value: float) -> None:
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    # NaN compares false with everything, so it fails here too.
    if not low <= value <= high or math.isinf(value):
        raise CellError(f"{value} di luar batas.", column.remedy or f"Isi antara {low:g} dan {high:g}.")


def _expected(column: Column) -> str:
    if column.choices:
        return f"salah satu dari {', '.join(column.choices)}"
    return {
        "date": "tanggal seperti 2026-03-17",
        "int": "bilangan bulat",
        "float": "bilangan dengan titik desimal, misalnya -8.65593",
        "bool": "ya atau tidak",
        "list": "kata-kata yang dipisah tanda |",
    }.get(column.kind, f"kolom {column.name}")
