"""The desk's own tables in a government's folder: answer templates, macros and checklists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from plugins.lapor.models import CheckItem, Macro, Template
from plugins.lapor.service.deskwork.wording import VARIABLES, strange
from plugins.lapor.service.kept.checks import STEPS
from plugins.lapor.states import STATUSES
from superapp.sdk import Column, Finding, Row, Tables, TenantFile

FIELDS = ("answer", "progress", "ask", "archive", "dispose", "note")
REASONS = ("duplicate", "not_a_report", "incomplete", "not_public", "court", "abuse")
DEEDS = (
    *("take", "verify", "set_category", "progress", "note"),
    *("question", "hold_reason", "archive_reason"),
)
SPOKEN = ("instruction", "progress", "note", "question", "hold_reason", "archive_remedy")
CODE = Column(
    "code",
    required=True,
    pattern=r"[A-Z][A-Z0-9._-]{0,59}",
    remedy="Tulis seperti SAMPAH.SELESAI: huruf besar, angka, titik, dan garis.",
)
TITLE = Column("title", required=True)
FOR_CATEGORY = Column("category", ref="categories.csv", attribute="category_code", nullable=True)
FOR_STATUS = Column("status", choices=STATUSES, nullable=True)
FOR_UNIT = Column("unit", ref="agencies.csv", attribute="agency_id", by_id=True, nullable=True)
SORT = Column("sort", kind="int", default="100", low=0, high=10000)
DATES = (Column("valid_from", kind="date"), Column("valid_to", kind="date"), Column("document"))


def known_variables(file: str, columns: Iterable[str]) -> Callable[[Tables], Iterator[Finding]]:
    """A check that names each variable which no text may use."""

    def check(tables: Tables) -> Iterator[Finding]:
        for row in tables.get(file, ()):
            for column in columns:
                for name in strange(row[column] or ""):
                    yield Finding(
                        file,
                        row.line,
                        column,
                        f"Variabel {{{name}}} tidak dikenal.",
                        f"Yang ada: {', '.join(VARIABLES)}.",
                    )

    return check


def whole_macros(tables: Tables) -> Iterator[Finding]:
    """A macro does something, names its unit when it hands over, and never archives in silence."""
    yield from known_variables("macros.csv", SPOKEN)(tables)
    for row in tables.get("macros.csv", ()):
        for column, problem, remedy in _faults(row):
            yield Finding("macros.csv", row.line, column, problem, remedy)


def _faults(row: Row) -> Iterator[tuple[str, str, str]]:
    """Column, problem and remedy of each thing that a macro cannot be."""
    if (row["dispose"] == "unit") != bool(row["agency"]):
        yield "agency", "Unit dan cara meneruskan tidak cocok.", "Isi agency bila dispose berisi unit."
    if row["archive_reason"] and not (row["archive_rule"] and row["archive_remedy"]):
        told = "Pengarsipan tanpa dasar atau saran untuk pelapor."
        yield "archive_rule", told, "Isi archive_rule dan archive_remedy."
    ends = [name for name in ("question", "hold_reason", "archive_reason") if row[name]]
    if len(ends) > 1:
        together = f"{' dan '.join(ends)} tidak bisa bersama."
        yield ends[1], together, "Pilih satu: bertanya, menunda, atau mengarsipkan."
    if row["dispose"] == "no" and row["instruction"]:
        yield "instruction", "Pesan untuk unit tanpa unit.", "Isi dispose, atau kosongkan pesannya."
    if row["dispose"] == "no" and not any(row[name] for name in DEEDS):
        yield "title", "Tidak ada langkah.", "Isi setidaknya satu langkah."


TEMPLATES = TenantFile(
    name="templates.csv",
    model=Template,
    columns=(
        CODE,
        TITLE,
        Column("field", required=True, choices=FIELDS),
        FOR_CATEGORY,
        FOR_STATUS,
        FOR_UNIT,
        Column("body", required=True),
        SORT,
        *DATES,
    ),
    key=("code",),
    removal="end",
    required=False,
    check=known_variables("templates.csv", ("body",)),
)
MACROS = TenantFile(
    name="macros.csv",
    model=Macro,
    columns=(
        CODE,
        TITLE,
        FOR_CATEGORY,
        FOR_STATUS,
        FOR_UNIT,
        Column("take", kind="bool"),
        Column("verify", kind="bool"),
        Column("set_category", ref="categories.csv", nullable=True),
        Column("dispose", choices=("no", "suggested", "unit"), default="no"),
        Column("agency", ref="agencies.csv", attribute="to_agency_id", by_id=True, nullable=True),
        *(Column(name) for name in SPOKEN[:5]),
        Column("archive_reason", choices=REASONS),
        Column("archive_rule"),
        Column("archive_remedy"),
        SORT,
        *DATES,
    ),
    key=("code",),
    removal="end",
    required=False,
    check=whole_macros,
)
CHECKLISTS = TenantFile(
    name="checklists.csv",
    model=CheckItem,
    columns=(
        CODE,
        FOR_CATEGORY,
        FOR_STATUS,
        Column("item", required=True),
        Column(
            "before",
            choices=STEPS,
            attribute="before_action",
            nullable=True,
            remedy="Langkah yang menunggu butir ini; kosong bila hanya pengingat.",
        ),
        SORT,
        *DATES,
    ),
    key=("code",),
    removal="end",
    required=False,
)
FILES = [TEMPLATES, MACROS, CHECKLISTS]
