"""links.csv: with which governments this one exchanges cases. It takes two folders that name each other."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.antarpemda.models import Terms
from superapp.sdk import Column, Finding, Tables, TenantFile


def links_hold(tables: Tables) -> Iterator[Finding]:
    """An outside owner stands for the other side, one for each; named categories exist."""
    agencies = {row["code"]: row for row in tables.get("agencies.csv", ())}
    known = {row["code"] for row in tables.get("categories.csv", ())}
    owners: dict[str, str] = {}
    for row in tables.get("links.csv", ()):
        agency = agencies.get(row["agency"] or "")
        if row["send"] and agency is None:
            yield _finding(row.line, "agency", "belum disebut.", "Tulis kode instansi luar yang mewakilinya.")
        if agency is not None and not agency["external"]:
            problem = f"{agency['code']} bukan instansi luar."
            yield _finding(row.line, "agency", problem, "Pakai instansi dengan external ya di agencies.csv.")
        if agency is not None and owners.setdefault(agency["code"], row["slug"]) != row["slug"]:
            problem = f"{agency['code']} sudah mewakili {owners[agency['code']]}."
            yield _finding(row.line, "agency", problem, "Satu instansi luar mewakili satu pemerintah daerah.")
        for code in row["categories"]:
            if code not in known:
                problem = f"{code!r} tidak ada."
                yield _finding(row.line, "categories", problem, "Pakai kode di categories.csv.")


def _finding(line: int, column: str, problem: str, remedy: str) -> Finding:
    return Finding("links.csv", line, column, problem, remedy)


LINKS = TenantFile(
    name="links.csv",
    model=Terms,
    columns=(
        Column(
            "slug",
            required=True,
            pattern=r"[a-z][a-z0-9-]{1,40}",
            remedy="Tulis slug pemerintah daerah itu, misalnya bali.",
        ),
        Column("send", kind="bool", default="ya"),
        Column("receive", kind="bool", default="ya"),
        Column("categories", kind="list"),
        Column("identity", kind="bool"),
        Column("agency", ref="agencies.csv", attribute="agency_code", nullable=True),
        Column("valid_from", kind="date"),
        Column("valid_to", kind="date"),
    ),
    key=("slug",),
    removal="end",
    required=False,
    check=links_hold,
)
FILES = [LINKS]
