"""Who has a case, as its page shows it: each unit's part, the chain, and the forms that move parts on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from plugins.lapor.contracts import Assignment, DeskView, Order
from plugins.lapor.desk.panel import Panel
from plugins.lapor.desk.story import hour
from plugins.lapor.present import short_day, zone
from plugins.lapor.service.agencies import short
from plugins.lapor.service.owners import onward
from superapp.sdk import Actor

SPARE_ROWS = 2  # empty rows of further units, without script
MOST_ROWS = 9
OWNING = frozenset({"owner", "co_owner"})


def role_title(role: str) -> str:
    """What a unit is to a case."""
    titles = {
        "owner": _("memimpin"),
        "co_owner": _("menjawab bagiannya"),
        "referral": _("tembusan"),
        "delegate": _("pelaksana"),
    }
    return str(titles.get(role, role))


def state_title(part: Assignment) -> str:
    """How far a part is; one that ended says how."""
    if part.state == "ended":
        ends = {
            "returned": _("dikembalikan"),
            "replaced": _("diganti"),
            "moved": _("dipindahkan karena reorganisasi"),
            "forwarded": _("diserahkan ke luar"),
            "closed": _("laporan selesai"),
        }
        return str(ends.get(part.ended_how, _("berakhir")))
    titles = {
        "given": _("belum dimulai"),
        "working": _("dikerjakan"),
        "answered": _("melapor selesai") if part.role == "delegate" else _("sudah dijawab"),
        "informed": _("diberi tahu"),
    }
    return str(titles.get(part.state, part.state))


def mine(view: DeskView, actor: Actor) -> Assignment | None:
    """The active part of the actor's own unit, copies left out."""
    if actor.agency_id is None:
        return None
    held = [each for each in view.assignments if each.active and each.role != "referral"]
    return next((each for each in held if each.agency.id == actor.agency_id), None)


def owning(view: DeskView) -> list[Assignment]:
    """The parts that have to be answered, the leading one first."""
    found = [each for each in view.assignments if each.active and each.role in OWNING]
    return sorted(found, key=lambda each: each.role != "owner")


def form_facts(view: DeskView, actor: Actor) -> dict[str, Any]:
    """What the forms of a case need to know of its parts."""
    own = mine(view, actor)
    held = owning(view)
    below = [each for each in view.assignments if own and each.active and each.parent_id == own.id]
    return {
        "own": own,
        "delegate": own is not None and own.role == "delegate",
        "parts": [(each.agency.code, each.agency.name) for each in held]
        if own is None and len(held) > 1
        else [],
        "reports": [each for each in below if each.state == "answered"],
        "onward": [(each.code, each.name) for each in onward.choices(own.agency.id)] if own else [],
        "outside": [(each.agency.code, each.agency.name) for each in held if each.outside],
        "rows": unit_rows(view),
    }


def unit_rows(view: DeskView) -> list[dict[str, Any]]:
    """The further units of the disposition's form: those that have a part, then empty rows."""
    others = [each for each in view.assignments if each.active and each.role in ("co_owner", "referral")]
    rows = [{"code": each.agency.code, "copy": each.role == "referral"} for each in others]
    spare = [{"code": "", "copy": False}] * SPARE_ROWS
    return (rows + spare)[:MOST_ROWS]


def typed_units() -> list[Order]:
    """The further units as they were typed: row by row a unit, its message, and whether it gets a copy."""
    form, found = request.form, []
    for place in range(MOST_ROWS):
        code, copy = form.get(f"dispose-unit-{place}", ""), bool(form.get(f"dispose-copy-{place}"))
        if code:
            found.append(Order(code, "" if copy else form.get(f"dispose-told-{place}", ""), copy))
    return found


def part_version(version: int) -> dict[str, int | None]:
    """The versions that a step on the own part is judged by: the part's, when the form carries it."""
    value = request.form.get("part_version", "")
    if value.isascii() and value.isdigit() and len(value) < 10:
        return {"version": None, "part_version": int(value)}
    return {"version": version, "part_version": None}


def panel(view: DeskView, actor: Actor) -> Panel | None:
    """Who has which part, how far it is, and who passed it to whom; nothing to show for one unit alone."""
    parts = view.assignments
    active = [each for each in parts if each.active]
    if len(parts) < 2 and not any(each.outside for each in active):
        return None
    held = [each for each in active if each.role in OWNING]
    done = sum(each.state == "answered" for each in held)
    return Panel(
        "lapor/desk/panels/owners.html",
        {
            "parts": [_row(each, parts) for each in _ordered(active)],
            "chain": [link(each, parts) for each in sorted(parts, key=lambda each: each.assigned_at)],
            "note": _("%(done)s dari %(all)s unit sudah menjawab", done=done, all=len(held))
            if len(held) > 1
            else "",
            "open_returns": view.open_returns,
        },
        "main",
    )


def _ordered(parts: Sequence[Assignment]) -> list[Assignment]:
    """Owners first, each followed by those it handed its part to, copies last."""
    rank = {"owner": 0, "co_owner": 1, "referral": 3}
    tops = sorted(
        (each for each in parts if each.role != "delegate"),
        key=lambda each: (rank.get(each.role, 2), each.assigned_at),
    )
    found: list[Assignment] = []
    waiting = list(tops)
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        waiting = [each for each in parts if each.parent_id == part.id] + waiting
    return found


def _row(part: Assignment, parts: Sequence[Assignment]) -> dict[str, Any]:
    by_id = {each.id: each for each in parts}
    above = by_id.get(part.parent_id) if part.parent_id else None
    return {
        "name": part.agency.name,
        "role": role_title(part.role),
        "under": short(above.agency) if above else "",
        "state": state_title(part),
        "clock": part.clock,
        "since": hour(part.assigned_at),
        "instruction": part.instruction,
        "answer": part.answer,
        "answered": hour(part.answered_at) if part.answered_at else "",
        "external_id": part.external_id,
        "heard": short_day(part.heard_at.astimezone(zone()).date()) if part.outside and part.heard_at else "",
    }


def link(part: Assignment, parts: Sequence[Assignment]) -> dict[str, str]:
    """One link of the chain: who passed it to whom, when, why, and how it ended."""
    giver = short(part.from_agency) if part.from_agency else _("Koordinator")
    kind = _("tembusan untuk") if part.role == "referral" else _("kepada")
    end = ""
    if part.ended_at is not None:
        end = f"{state_title(part)}, {hour(part.ended_at)}"
    return {
        "when": hour(part.assigned_at),
        "what": f"{giver} {kind} {part.agency.name}",
        "why": part.why,
        "end": end,
        "end_why": part.ended_why,
        "document": part.document,
    }


def briefing(view: DeskView, actor: Actor) -> list[str]:
    """What the actor has to know of the parts before the next step."""
    told = []
    own = mine(view, actor)
    if view.open_returns and "dispose" in view.actions and view.case.status != "returned":
        back = (view.routing.get("returned") or {}).get("reason", "")
        told.append(_("Satu bagian dikembalikan: %(reason)s Tentukan penggantinya.", reason=_stop(back)))
    if own is not None:
        for each in view.assignments:
            if each.active and each.parent_id == own.id and each.answer:
                told.append(_("Laporan %(agency)s: %(text)s", agency=short(each.agency), text=each.answer))
        if own.role == "delegate":
            told.append(_("Jawaban Anda dibaca unit di atas Anda, yang menjawab pelapor."))
    copy = any(
        each.active and each.role == "referral" and each.agency.id == actor.agency_id
        for each in view.assignments
    )
    if copy and not actor.may("lapor.all"):
        told.append(_("Unit Anda menerima tembusan: Anda membaca, unit lain yang menangani."))
    return told


def _stop(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
