"""The tables that every government brings to the host: agencies, areas, own holidays."""

from __future__ import annotations

from collections.abc import Iterator

from superapp.tenancy import calendar
from superapp.tenancy.files import Column, Finding, Row, Tables, TenantFile
from superapp.tenancy.models import Agency, Area, Holiday

AGENCY_KINDS = (
    "sekretariat",
    "dinas",
    "badan",
    "inspektorat",
    "satpol",
    "unit",
    "rumah_sakit",
    "kecamatan",
    "kelurahan",
    "desa",
    "bumd",
    "external",
)
LEVELS = ("kabupaten", "kota", "kecamatan", "kelurahan", "desa")


def codes_name_their_level(tables: Tables) -> Iterator[Finding]:
    """PP.KK is a kabupaten, from 71 on a kota; PP.KK.CC a kecamatan; PP.KK.CC.1xxx a kelurahan, 2xxx a desa.

    A kecamatan stands below its kabupaten or kota where the folder has one, as a province's may.
    """
    known = {row["code"] for row in tables.get("areas.csv", ())}
    for row in tables.get("areas.csv", ()):
        parts = row["code"].split(".")
        meant = _level(parts)
        if meant and row["level"] != meant:
            problem = f"kode {row['code']} adalah {meant}, bukan {row['level']}."
            yield Finding("areas.csv", row.line, "level", problem, f"Tulis {meant}, atau perbaiki kodenya.")
        above = ".".join(parts[:-1])
        parent = above if len(parts) == 4 or above in known else None
        if row["parent"] != parent:
            problem = f"induk {row['code']} adalah {parent or 'kosong'}, bukan {row['parent'] or 'kosong'}."
            yield Finding("areas.csv", row.line, "parent", problem, f"Tulis {parent or 'kosong'}.")
        if (row["lat"] is None) != (row["lng"] is None):
            yield Finding(
                "areas.csv", row.line, "lat", "lat dan lng tidak berpasangan.", "Isi atau kosongkan keduanya."
            )


def _level(parts: list[str]) -> str:
    if len(parts) == 2:
        return "kota" if parts[1] >= "71" else "kabupaten"
    if len(parts) == 3:
        return "kecamatan"
    return {"1": "kelurahan", "2": "desa"}.get(parts[3][0], "")


def no_circle_of_parents(tables: Tables) -> Iterator[Finding]:
    """An agency must not be its own forebear."""
    rows = {row["code"]: row for row in tables.get("agencies.csv", ())}
    for row in rows.values():
        seen, here = {row["code"]}, rows.get(row["parent"] or "")
        while here is not None and here["code"] not in seen:
            seen.add(here["code"])
            here = rows.get(here["parent"] or "")
        if here is not None and here["code"] == row["code"]:
            yield _circle(row)


def _circle(row: Row) -> Finding:
    return Finding(
        "agencies.csv",
        row.line,
        "parent",
        f"{row['code']} menjadi induk bagi dirinya sendiri.",
        "Kosongkan parent pada salah satu instansi dalam lingkaran itu.",
    )


def decrees_are_known(tables: Tables) -> Iterator[Finding]:
    """Years that the folder speaks of, but whose days of collective leave nobody has decreed yet."""
    rows = tables.get("holidays.csv", ())
    named = {row["day"].year for row in rows if row["kind"] == "cuti_bersama"}
    first: dict[int, Row] = {}
    for row in sorted(rows, key=lambda row: row["day"]):
        first.setdefault(row["day"].year, row)
    for year, row in first.items():
        if year not in named and not calendar.collective_leave_known(year):
            problem = f"cuti bersama {year} belum diketahui."
            yield Finding("holidays.csv", row.line, "day", problem, DECREE)


DECREE = "Setelah SKB terbit: superapp tenant holidays import BERKAS --tenant SLUG."

AGENCIES = TenantFile(
    name="agencies.csv",
    model=Agency,
    columns=(
        Column(
            "code",
            required=True,
            pattern=r"[A-Z0-9][A-Z0-9._-]{0,39}",
            remedy="Tulis dengan huruf besar tanpa spasi, misalnya DISHUB.",
        ),
        Column("name", required=True),
        Column("short_name", required=True),
        Column("kind", required=True, choices=AGENCY_KINDS),
        Column("parent", ref="agencies.csv", by_id=True, attribute="parent_id", nullable=True),
        Column("phone", pattern=r"\+?[0-9 ()-]{3,20}", remedy="Tulis angka, misalnya 0361 123456."),
        Column("email", pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", remedy="Tulis alamat surel lengkap."),
        Column("external", kind="bool", attribute="is_external"),
        Column("valid_from", kind="date"),
        Column("valid_to", kind="date"),
        Column("document"),
        Column("evidence"),
    ),
    key=("code",),
    removal="end",
    check=no_circle_of_parents,
)

AREAS = TenantFile(
    name="areas.csv",
    model=Area,
    columns=(
        Column(
            "code",
            required=True,
            pattern=r"[0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?",
            remedy="Tulis kode wilayah Kemendagri, misalnya 51.71.01.1001.",
        ),
        Column("name", required=True),
        Column("level", required=True, choices=LEVELS),
        Column("parent", ref="areas.csv", attribute="parent_code", nullable=True),
        Column("lat", kind="float", low=-11.5, high=6.5),
        Column("lng", kind="float", low=94.5, high=141.5),
        Column("source"),
    ),
    key=("code",),
    removal="report",
    check=codes_name_their_level,
)

HOLIDAYS = TenantFile(
    name="holidays.csv",
    model=Holiday,
    columns=(
        Column("day", kind="date", required=True),
        Column("name", required=True),
        Column("kind", choices=("local", "national", "cuti_bersama"), default="local"),
        Column("stops_clock", kind="bool", default="ya"),
        Column("document"),
    ),
    key=("day", "name"),
    removal="delete",
    required=False,
    warn=decrees_are_known,
)

HOST_FILES = (AGENCIES, AREAS, HOLIDAYS)
