"""questions.csv, hints.csv and reasons.csv of a government's folder, and what is wrong in them.

The services are imported when a folder is judged, so that a process that judges none does without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.lapor.models import HintRow, QuestionRow, ReasonRow
from superapp.sdk import Column, Finding, Tables, TenantFile

QUESTION_KINDS = ("string", "text", "number", "date", "choice", "several", "file")
WHEN = ("short", "no_time", "no_place", "no_size", "no_number", "without", "with", "several")
STEPS = ("reopen", "reply", "again", "elsewhere")
LINK = re.compile(r"(https://|tel:)[^\s]+")
CODE = Column(
    "code", required=True, pattern=r"[a-z][a-z0-9_]{0,39}", remedy="Tulis seperti pole_number: huruf kecil."
)
CATEGORY = Column(
    "category", remedy="Kode kategori atau awalnya, seperti LIGHT atau LIGHT.OUT; kosong untuk semua."
)
DATES = (Column("valid_from", kind="date"), Column("valid_to", kind="date"), Column("document"))
SORT = Column("order", kind="int", default="100", low=0, high=10000, attribute="sort")


def questions_are_whole(tables: Tables) -> Iterator[Finding]:
    """A choice needs options, bounds their order, a category its row."""
    from plugins.lapor.service.coach.rules import faults

    yield from _known_categories("questions.csv", tables)
    for row in tables.get("questions.csv", ()):
        values = {**row.values, "low": row["min"], "high": row["max"]}
        for fault in faults(values):
            column = {"low": "min", "high": "max"}.get(fault.field, fault.field)
            yield Finding("questions.csv", row.line, column, fault.message, "")


def hints_are_whole(tables: Tables) -> Iterator[Finding]:
    """A hint that looks for words needs some."""
    yield from _known_categories("hints.csv", tables)
    for row in tables.get("hints.csv", ()):
        if row["when"] in {"without", "with"} and not row["words"]:
            problem = f"{row['when']} tanpa kata."
            yield Finding("hints.csv", row.line, "words", problem, "Isi kata, dipisah dengan |.")


def reasons_are_whole(tables: Tables) -> Iterator[Finding]:
    """Variables that exist, a link for "elsewhere", and at least one reason of each kind that is named."""
    from plugins.lapor.service.coach.reasons import VARIABLES, unknown_variables

    for row in tables.get("reasons.csv", ()):
        for name in unknown_variables((row["rule"], row["remedy"])):
            remedy = f"Yang ada: {', '.join(VARIABLES)}."
            yield Finding("reasons.csv", row.line, "remedy", f"{{{name}}} tidak dikenal.", remedy)
        if row["step"] == "elsewhere" and not LINK.fullmatch(row["link"]):
            yield Finding(
                "reasons.csv", row.line, "link", "tautannya belum ada.", "Tulis https://… atau tel:…"
            )


def _known_categories(name: str, tables: Tables) -> Iterator[Finding]:
    codes = [row["code"] for row in tables.get("categories.csv", ())]
    for row in tables.get(name, ()):
        wanted = row["category"]
        if wanted and not any(code == wanted or code.startswith(f"{wanted}.") for code in codes):
            problem = f"{wanted!r} bukan kategori dan bukan awal sebuah kategori."
            yield Finding(
                name, row.line, "category", problem, "Tulis kode dari categories.csv, atau awalnya."
            )


QUESTIONS = TenantFile(
    name="questions.csv",
    model=QuestionRow,
    columns=(
        CATEGORY,
        CODE,
        Column("kind", required=True, choices=QUESTION_KINDS),
        Column("label", required=True),
        Column("help"),
        Column("options", kind="list"),
        Column("required", kind="bool"),
        Column("public", kind="bool"),
        SORT,
        Column("min", kind="float", low=-1e12, high=1e12, attribute="low"),
        Column("max", kind="float", low=-1e12, high=1e12, attribute="high"),
        Column("unit"),
        *DATES,
    ),
    key=("category", "code", "valid_from"),
    subject=("category", "code"),
    removal="end",
    required=False,
    check=questions_are_whole,
)
HINTS = TenantFile(
    name="hints.csv",
    model=HintRow,
    columns=(
        CATEGORY,
        CODE,
        Column("when", required=True, choices=WHEN),
        Column("words", kind="list"),
        Column("amount", kind="int", low=0, high=1000),
        Column("text", required=True),
        Column("question"),
        SORT,
        *DATES,
    ),
    key=("category", "code", "valid_from"),
    subject=("category", "code"),
    removal="end",
    required=False,
    check=hints_are_whole,
)
REASONS = TenantFile(
    name="reasons.csv",
    model=ReasonRow,
    columns=(
        Column("kind", required=True, choices=("archive", "return", "hold")),
        CODE,
        Column("title", required=True),
        Column("rule", required=True),
        Column("remedy", required=True),
        Column("step", choices=STEPS),
        Column("link"),
        SORT,
        *DATES,
    ),
    key=("kind", "code", "valid_from"),
    subject=("kind", "code"),
    removal="end",
    required=False,
    check=reasons_are_whole,
)
FILES = [QUESTIONS, HINTS, REASONS]
