"""LAPOR's own tables in a government's folder: what can be reported, who owns it, by when."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.lapor import coach_files, desk_files, owner_files, time_files
from plugins.lapor.category_files import CATEGORIES, DATES, KINDS, LIMITS
from plugins.lapor.models import RoutingRule
from plugins.lapor.owner_files import rules_hold
from superapp.sdk import Column, Finding, Tables, TenantFile


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


def routing_holds(tables: Tables) -> Iterator[Finding]:
    """All that is asked of rules."""
    yield from every_category_is_routed(tables)
    yield from rules_hold(tables)


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
    check=routing_holds,
)

FILES = [CATEGORIES, ROUTING, LIMITS, owner_files.REORGANISATIONS]
FILES += [*time_files.FILES, *coach_files.FILES, *desk_files.FILES]
