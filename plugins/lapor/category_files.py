"""What can be reported and by when, in a government's folder: categories.csv and limits.csv."""

from __future__ import annotations

from plugins.lapor.models import Category, TimeLimit
from superapp.sdk import Column, TenantFile

KINDS = ("complaint", "aspiration", "information")
STEPS = ("verify", "follow_up", "resolve", "confirm")
CLASSES = ("normative", "standard", "supervisory")
CLASS_WORDS = "normative: normatif, standard: tidak berkadar pengawasan, supervisory: berkadar pengawasan."
UNITS = ("wd", "d", "h")
UNIT_WORDS = "wd: hari kerja, d: hari kalender, h: jam kerja."
DATES = (Column("valid_from", kind="date"), Column("valid_to", kind="date"), Column("document"))

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
