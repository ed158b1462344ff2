"""What the desk pages show, in words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from plugins.lapor.contracts.outside import Destination
from plugins.sp4n import categories
from plugins.sp4n.contract import BadContract
from plugins.sp4n.models import Trial
from plugins.sp4n.transport import National
from superapp.sdk import Invalid, current_actor, directory


def tabs(current: str) -> list[dict[str, Any]]:
    """The three pages."""
    named = (("index", _("Sambungan")), ("mapping", _("Kategori nasional")), ("contract", _("Kontrak JSON")))
    return [
        {"title": title, "url": url_for(f"sp4n_desk.{name}"), "current": name == current}
        for name, title in named
    ]


def connection(there: Destination | None, trial: Trial | None) -> dict[str, Any]:
    """How it stands: connected or not, and what the last trial said."""
    chip = (_("belum tersambung"), "x", "neutral")
    if there is not None:
        chips = {
            "auto": (_("tersambung"), "check", "ok"),
            "manual": (_("tersambung, dikerjakan manual"), "edit", "near"),
            "paused": (_("tersambung, dijeda"), "pause", "neutral"),
        }
        chip = chips[there.mode]
    shown = there is not None and current_actor().may("lapor.outside")
    return {
        "connected": there is not None,
        "chip": chip,
        "queue": url_for("lapor_desk.connection", destination_id=there.id) if shown and there else "",
        "limited": there is not None and tuple(there.steps) == ("new",),
        "trial": _trial(trial),
    }


def choices() -> dict[str, list[tuple[str, str]]]:
    """What can be picked in the form."""
    outside = [each for each in directory.agencies().values() if each.is_external]
    return {
        "transport": [
            ("modern", _("JSON menurut kontrak: laporan, tindak lanjut, dan kabar dua arah")),
            ("legacy", _("XML jalur lama: hanya laporan baru, tanpa kabar")),
        ],
        "takes": [
            ("forwarded", _("Hanya yang diserahkan ke admin nasional")),
            ("categories", _("Yang diserahkan, dan salinan dari jenis yang dipilih")),
            ("all", _("Yang diserahkan, dan salinan setiap laporan")),
        ],
        "agency_code": [(each.code, each.name) for each in outside],
        "categories": [(each.code, f"{each.group}: {each.name}") for each in categories.lines()],
    }


def groups(given: Mapping[str, National]) -> list[dict[str, Any]]:
    """Categories by their group, with what was just typed in place of what is kept."""
    made = []
    for name, lines in groupby(categories.lines(), key=lambda line: line.group):
        rows = [
            {
                "code": each.code,
                "name": each.name,
                "main": given.get(each.code, each.pair).main,
                "sub": given.get(each.code, each.pair).sub,
                "mapped": each.mapped,
                "own": each.own,
            }
            for each in lines
        ]
        made.append({"name": name, "rows": rows})
    return made


def national_names() -> dict[str, list[str]]:
    """Names in use already, to choose from while typing."""
    lines = categories.lines()
    return {
        "main": sorted({each.pair.main for each in lines if each.pair.main}),
        "sub": sorted({each.pair.sub for each in lines if each.pair.sub}),
    }


def unmapped() -> list[str]:
    """Names of categories without a place in the national tree."""
    return [each.name for each in categories.lines() if not each.mapped]


def contract_faults(text: str, bad: BadContract | None) -> list[dict[str, Any]]:
    """Each fault with its line and what stands there."""
    lines = text.splitlines()
    return [
        {
            "line": each.line,
            "key": each.key,
            "message": each.message,
            "words": lines[each.line - 1].strip()[:120] if 0 < each.line <= len(lines) else "",
        }
        for each in (bad.faults[:50] if bad else ())
    ]


def faults(error: Invalid | None) -> dict[str, Any]:
    """Errors by field and as a summary."""
    found = error.errors if error else ()
    return {
        "errors": {each.field: each.message for each in found},
        "summary": [{"field": each.field, "message": each.message} for each in found],
    }


def _trial(trial: Trial | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    if trial.ok is None:
        return {"chip": (_("sedang diuji"), "clock", "neutral"), "said": "", "when": _when(trial.asked_at)}
    chip = (_("berhasil"), "check", "ok") if trial.ok else (_("gagal"), "alert", "late")
    return {"chip": chip, "said": trial.said, "when": _when(trial.done_at)}


def _when(moment: Any) -> str:
    return format_datetime(moment, "d MMM, HH.mm") if moment else ""
