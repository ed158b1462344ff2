"""Which approved template tells which kind of notice: one line of the settings for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
VALUE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST = 60


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template: the notice's kind, its name and language at Meta, which values fill its
    places in order, and how many reply buttons it has."""

    kind: str
    name: str
    language: str
    values: tuple[str, ...] = ()
    buttons: int = 0


def read(line: str) -> Template:
    """`lapor.answered | laporan_dijawab | id | number, due | 2`; the last two may be left out.

    Raises ValueError with a sentence that says what is wrong.
    """
    fields = [field.strip() for field in line.split("|")]
    if not 3 <= len(fields) <= 5:
        raise ValueError(f"{line[:60]}: tulis jenis | nama templat | bahasa | nilai, nilai | tombol.")
    kind, name, language, values, buttons = [*fields, "", ""][:5]
    told = tuple(value.strip() for value in values.split(",") if value.strip())
    wrong = (
        (not KIND.fullmatch(kind), f"{kind[:60]}: jenis ditulis seperti lapor.answered."),
        (not NAME.fullmatch(name), f"{kind[:60]}: nama templat hanya huruf kecil, angka, dan garis bawah."),
        (not LANGUAGE.fullmatch(language), f"{kind[:60]}: bahasa ditulis seperti id atau en_US."),
        (not all(map(VALUE.fullmatch, told)), f"{kind[:60]}: nama nilai ditulis seperti number atau due."),
        (buttons not in {"", "0", "1", "2", "3"}, f"{kind[:60]}: tombol paling banyak 3."),
    )
    for fault, said in wrong:
        if fault:
            raise ValueError(said)
    return Template(kind, name, language, told, int(buttons or 0))


def table(lines: Sequence[str]) -> dict[str, Template]:
    """All templates by kind. Raises ValueError for a line that cannot be read or a kind named twice."""
    found: dict[str, Template] = {}
    if len(lines) > MOST:
        raise ValueError(f"Paling banyak {MOST} templat.")
    for line in lines:
        made = read(line)
        if made.kind in found:
            raise ValueError(f"{made.kind}: ditulis dua kali.")
        found[made.kind] = made
    return found
