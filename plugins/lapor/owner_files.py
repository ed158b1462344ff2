"""Who owned what since when, in a government's folder: reorganisations, and rules held to their dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from plugins.lapor.models import Reorganisation
from plugins.lapor.service.owners.judge import Passing, Span, circles, span
from superapp.sdk import Column, Finding, Row, Tables, TenantFile

NAME = "reorganisations.csv"
Ends = tuple[str, str, str]


def rules_hold(tables: Tables) -> Iterator[Finding]:
    """A rule must not outlive the agency or the category that it speaks of, nor begin before it."""
    agencies = {row["code"]: row for row in tables.get("agencies.csv", ())}
    categories = {row["code"]: row for row in tables.get("categories.csv", ())}
    for row in tables.get("routing.csv", ()):
        yield from _within(row, "agency", agencies, "instansi")
        yield from _within(row, "category", categories, "kategori")


def _within(row: Row, column: str, known: Mapping[str, Row], word: str) -> Iterator[Finding]:
    other = known.get(row[column] or "")
    day = span(row).beyond(span(other)) if other is not None else None
    if other is None or day is None:
        return
    problem = f"{word} {row[column]} tidak berlaku pada {told(day, span(other))}, padahal aturan ini berlaku."
    yield Finding("routing.csv", row.line, column, problem, remedy(span(other)))


def told(day: date, valid: Span) -> str:
    """A day as people read it; of an open start only that it is before the other's."""
    return f"hari sebelum {valid.start}" if day == date.min else str(day)


def remedy(valid: Span) -> str:
    """The dates that would be right."""
    parts = [f"valid_from {valid.start} atau sesudahnya"] if valid.start else []
    parts += [f"valid_to {valid.end} atau sebelumnya"] if valid.end else []
    return f"Isi {' dan '.join(parts)}."


def reorganisations_lead_on(tables: Tables) -> Iterator[Finding]:
    """What a unit gives away goes to one that is there on that day, and does not come back in a circle."""
    agencies = {row["code"]: row for row in tables.get("agencies.csv", ())}
    rows = list(tables.get(NAME, ()))
    for row in rows:
        taker: Any = agencies.get(row["to"])
        if taker is not None and not span(taker).holds(row["on"]):
            problem = f"{row['to']} tidak berlaku pada {row['on']}."
            yield Finding(NAME, row.line, "to", problem, "Pilih instansi yang ada pada hari itu.")
    passed = [Passing(row["from"], row["to"], row["on"], row["category"]) for row in rows]
    for place in circles(passed):
        problem = f"urusan {passed[place].giver} kembali ke {passed[place].giver} sendiri."
        fix = "Hapus satu baris dalam lingkaran itu, atau perbaiki tanggalnya."
        yield Finding(NAME, rows[place].line, "from", problem, fix)


REORGANISATIONS = TenantFile(
    name=NAME,
    model=Reorganisation,
    columns=(
        Column("from", required=True, ref="agencies.csv", attribute="from_agency_id", by_id=True),
        Column("to", required=True, ref="agencies.csv", attribute="to_agency_id", by_id=True),
        Column("on", kind="date", required=True, attribute="on_date"),
        Column("category", ref="categories.csv", attribute="category_code", nullable=True),
        Column("document", required=True, remedy="Tulis peraturan atau surat yang menjadi dasarnya."),
        Column("evidence"),
    ),
    key=("from", "category", "on"),
    removal="delete",
    required=False,
    check=reorganisations_lead_on,
)
