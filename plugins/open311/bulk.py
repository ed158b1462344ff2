"""GeoReport Bulk: published requests as one CSV table (RFC 4180) that a spreadsheet may open safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from plugins.lapor.contracts.door import PublicCase
from plugins.open311.answers import written
from plugins.open311.following import facts_of

COLUMNS = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "service_subtype"),
    *("description", "agency_responsible", "service_notice", "requested_datetime", "updated_datetime"),
    *("expected_datetime", "closed_date", "address", "address_id", "zipcode", "lat", "long", "media_url"),
    "source",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(cases: Sequence[PublicCase]) -> str:
    """The table with its header row; lines end with CR LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore")
    writer.writeheader()
    for case, known in zip(cases, facts_of(cases), strict=True):
        facts = {**known, "closed_date": written(case.closed_at), "source": "open311"}
        writer.writerow({name: _cell(facts.get(name)) for name in COLUMNS})
    return out.getvalue()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
