"""Who has a case, for citizens: each unit with its state and day, who works for whom, outside owners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from plugins.lapor import present
from plugins.lapor.contracts import PublicView, UnitView

OWNING = frozenset({"owner", "co_owner"})


def units(case: PublicView) -> dict[str, Any]:
    """The rows for the page; none where one own unit alone has the case, which the card says already."""
    shown = case.units if len(case.units) > 1 or any(each.outside for each in case.units) else ()
    owning = [each for each in shown if each.role in OWNING]
    done = sum(each.state == "answered" for each in owning)
    count = _("%(done)s dari %(all)s unit sudah menjawab.", done=done, all=len(owning))
    return {
        "rows": [_row(each) for each in shown],
        "count": count if len(owning) > 1 else "",
        "outside": any(each.outside for each in shown),
        "parts": [(each.agency.code, each.agency.name) for each in owning] if len(owning) > 1 else [],
    }


def _row(unit: UnitView) -> dict[str, Any]:
    words = []
    if unit.parent is not None:
        told = _(
            "dikerjakan oleh %(unit)s atas permintaan %(parent)s",
            unit=unit.agency.short_name or unit.agency.name,
            parent=unit.parent.short_name or unit.parent.name,
        )
        words.append(told)
    else:
        words.append(_state(unit))
    if unit.heard_at is not None:
        words.append(_("kabar terakhir %(day)s", day=_day(unit.heard_at)))
    if unit.external_id:
        words.append(_("nomor di sana %(number)s", number=unit.external_id))
    return {
        "name": unit.agency.name,
        "done": unit.state == "answered" and unit.parent is None,
        "words": [word[:1].upper() + word[1:] for word in map(str, words)],
    }


def _state(unit: UnitView) -> str:
    if unit.answered_at is not None:
        return str(_("dijawab %(day)s", day=_day(unit.answered_at)))
    if unit.state == "given" and not unit.outside:
        return str(_("diterima %(day)s, belum dimulai", day=_day(unit.since)))
    return str(_("dikerjakan sejak %(day)s", day=_day(unit.since)))


def _day(moment: datetime) -> str:
    return present.long_day(moment.astimezone(present.zone()).date())
