"""LAPOR's own tables in a government's folder: what can be reported, who owns it, by when."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.lapor import coach_files, desk_files, time_files
from plugins.lapor.models import Category, RoutingRule, TimeLimit
from superapp.sdk import Column, Finding, Tables, TenantFile

KINDS = ("complaint", "aspiration", "information")
STEPS = ("verify", "follow_up", "resolve", "confirm")
CLASSES = ("normative", "standard", "supervisory")
CLASS_WORDS = "normative: normatif, standard: tidak berkadar pengawasan, supervisory: berkadar pengawasan."
UNITS = ("wd", "d", "h")
UNIT_WORDS = "wd: hari kerja, d: hari kalender, h: jam kerja."
DATES = (Column("valid_from", kind="date"), Column("valid_to", kind="date"), Column("document"))


def every_category_is_routed(tables: Tables) -> Iterator[Finding]:
    """Without a rule for everything, a category needs one of its own, or a report would be unrouted."""
    rules = tables.get("routing.csv", ())
    anywhere = [
        row for row in rules if row["area"] is None and row["kind"] is None and row["valid_to"] is None
    ]
    if any(row["category"] is None for row in anywhere):
        return
    routed = {row["category"] for row in anywhere}
    for row in tables.get("categories.csv", ()):
        if row["code"] not in routed and row["valid_to"] is None:
            yield Finding(
                "categories.csv",
                row.line,
                "code",
                f"Kategori {row['code']} tidak punya aturan penerusan.",
                "Tambahkan baris di routing.csv, atau satu baris dengan category kosong untuk semua.",
            )


CATEGORIES = TenantFile(
    name="categories.csv",
    model=Category,
    columns=(
        Column(
            "code",
            required=True,
            pattern=r"[A-Z][A-Z0-9]*(\.[A-Z0-9]+)*",
            remedy="Tulis seperti LIGHT.OUT: huruf besar, angka, dan titik.",
        ),
        Column("group", required=True, attribute="group_name"),
        Column("name", required=True),
        Column("question"),
        Column("examples", kind="list"),
        Column("urgency", choices=("low", "normal", "high", "emergency"), default="normal"),
        Column("advice"),
        Column("confidential", kind="bool"),
        Column("class", choices=CLASSES, default="standard", attribute="supervision", remedy=CLASS_WORDS),
        Column(
            "proof",
            choices=("none", "photo", "document", "photo_or_document"),
            default="none",
            remedy="none, photo, document, atau photo_or_document: bukti yang harus menyertai jawaban.",
        ),
        Column("national_main"),
        Column("national_sub"),
        Column("sort", kind="int", default="100", low=0, high=10000),
        *DATES,
    ),
    key=("code",),
    removal="end",
)

ROUTING = TenantFile(
    name="routing.csv",
    model=RoutingRule,
    columns=(
        Column("category", ref="categories.csv", attribute="category_code", nullable=True),
        Column("area", ref="areas.csv", attribute="area_code", nullable=True),
        Column("kind", choices=KINDS, nullable=True),
        Column("agency", required=True, ref="agencies.csv", attribute="agency_id", by_id=True),
        Column("priority", kind="int", default="0", low=0, high=1000),
        Column("reason"),
        *DATES,
        Column("evidence"),
    ),
    key=("category", "area", "kind", "priority", "valid_from"),
    subject=("category", "area", "kind", "priority"),
    removal="end",
    check=every_category_is_routed,
)

LIMITS = TenantFile(
    name="limits.csv",
    model=TimeLimit,
    columns=(
        Column("step", required=True, choices=STEPS),
        Column("authority", required=True, choices=("national", "tenant")),
        Column("kind", choices=KINDS, nullable=True),
        Column("class", choices=CLASSES, nullable=True, attribute="supervision", remedy=CLASS_WORDS),
        Column("category", ref="categories.csv", attribute="category_code", nullable=True),
        Column("amount", kind="int", required=True, low=1, high=365),
        Column("unit", choices=UNITS, default="wd", remedy=UNIT_WORDS),
        *DATES,
        Column("evidence"),
    ),
    key=("step", "authority", "kind", "class", "category", "valid_from"),
    subject=("step", "authority", "kind", "class", "category"),
    removal="end",
    required=False,
)

FILES = [CATEGORIES, ROUTING, LIMITS, *time_files.FILES, *coach_files.FILES, *desk_files.FILES]
