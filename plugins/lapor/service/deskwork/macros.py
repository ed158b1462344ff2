"""Macros: several steps under one name, done in one unit of work or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts import Done
from plugins.lapor.contracts.desk import MacroView
from plugins.lapor.models import Complaint, Macro
from plugins.lapor.service import handle, triage
from plugins.lapor.service.agencies import agency_choices, agency_ref, chosen
from plugins.lapor.service.case import check_version, done, locked
from plugins.lapor.service.coach import reasons
from plugins.lapor.service.deskwork import wording
from plugins.lapor.service.deskwork.cases import opened
from plugins.lapor.service.deskwork.take import take
from plugins.lapor.service.deskwork.templates import MOST, fits, holds, narrowing, own_row, unit_for, usable
from plugins.lapor.service.kept import steps
from plugins.lapor.service.reference import reference
from plugins.lapor.service.validate import optional, require
from superapp.sdk import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    audit,
    current_actor,
    new_id,
    session,
    work,
)

# Columns that hold a text, and how long it may be.
TEXTS: Final = {
    "instruction": 2000,
    "progress": 5000,
    "note": 5000,
    "question": 2000,
    "hold_reason": 2000,
    "archive_rule": 500,
    "archive_remedy": 2000,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One step that a macro would do on a case: its action, and the words it would say."""

    action: str
    detail: str
    text: str = ""


def macros(*, ended: bool = False) -> list[MacroView]:
    """What this officer may use, by order and title."""
    query = select(Macro).where(usable(Macro, current_actor()))
    if not ended:
        query = query.where(holds(Macro))
    rows = session().scalars(query.order_by(Macro.sort, Macro.title, Macro.id).limit(MOST))
    return [_view(row) for row in rows]


def fitting(case: Complaint) -> list[MacroView]:
    """Those that fit a case's category and state, as far as the actor may do all of their steps."""
    actor = current_actor()
    return [
        each
        for each in macros()
        if fits(each.category, each.status, case) and all(actor.may(right) for right in _rights(each))
    ]


def save(macro_id: UUID | None, values: dict[str, Any]) -> UUID:
    """Write a macro or change one. Raises Invalid naming each wrong part, Forbidden."""
    title = require("title", values.get("title", ""), most=120)
    texts = {name: optional(name, values.get(name, ""), most=most) for name, most in TEXTS.items()}
    for name, text in texts.items():
        wording.check(name, text)
    errors, facts = _judge(values, texts)
    if errors:
        raise Invalid(errors=errors)
    with work():
        row = own_row(Macro, macro_id) if macro_id else Macro(id=new_id(), code="")
        row.agency_id = unit_for(values.get("unit", ""), row.agency_id if macro_id else None)
        row.title, row.code = title, row.code or f"MEJA.{row.id.hex[-12:].upper()}"
        row.category_code, row.status = narrowing(values)
        for name, value in {**texts, **facts}.items():
            setattr(row, name, value)
        session().add(row)
        audit.record("lapor.macro", "macro", row.id, title=title)
        session().flush()
        return row.id


def plan(macro_id: UUID, complaint_id: UUID) -> list[Planned]:
    """What the macro would do to this case now, in order, each text with its variables filled."""
    case = opened(complaint_id, "lapor.inbox", lock=False)
    row = _usable(macro_id)
    unit = _unit_of(row, case)
    values = wording.values_of(case, unit)
    return [
        Planned(action, _detail(action, row, unit), wording.fill(text, values))
        for action, text in _steps(row)
    ]


def apply(macro_id: UUID, complaint_id: UUID, *, version: int | None = None) -> Done:
    """Do all steps of a macro on a case, or none. Raises what its steps raise."""
    with work(), steps.one_batch():
        case = locked(complaint_id)
        check_version(case, version)
        row = _usable(macro_id)
        unit = _unit_of(row, case)
        values = wording.values_of(case, unit)
        for action, text in _steps(row):
            DO[action](case.id, row, unit, wording.fill(text, values))
        return done(locked(complaint_id))


def _steps(row: Macro) -> list[tuple[str, str]]:
    """The actions of a macro in the order they are done, each with its text before filling."""
    found = [("take", "")] if row.take else []
    if row.verify or row.set_category:
        found.append(("verify", ""))
    if row.dispose != "no":
        found.append(("dispose", row.instruction))
    pairs = (("progress", row.progress), ("note", row.note), ("ask", row.question), ("hold", row.hold_reason))
    found += [(action, text) for action, text in pairs if text]
    if row.archive_reason:
        found.append(("archive", row.archive_remedy))
    return found


def _archive(case_id: UUID, row: Macro, unit: UUID | None, text: str) -> Done:
    return triage.archive(case_id, reason_code=row.archive_reason, rule=row.archive_rule, remedy=text)


def _dispose(case_id: UUID, row: Macro, unit: UUID | None, text: str) -> Done:
    found = agency_ref(unit)
    if found is None:
        raise Conflict("Belum ada saran unit untuk laporan ini.", "Pilih unitnya sendiri.")
    if found.code in {each.code for each in agency_choices(external=True)}:
        return triage.forward(case_id, agency_code=found.code, text=text)
    return triage.dispose(case_id, agency_codes=[found.code], instruction=text)


DO: Final[Mapping[str, Callable[[UUID, Macro, UUID | None, str], Done]]] = {
    "take": lambda case_id, row, unit, text: take(case_id),
    "verify": lambda case_id, row, unit, text: triage.verify(case_id, category=row.set_category),
    "dispose": _dispose,
    "progress": lambda case_id, row, unit, text: handle.progress(case_id, text=text),
    "note": lambda case_id, row, unit, text: handle.note(case_id, text=text),
    "ask": lambda case_id, row, unit, text: handle.hold(
        case_id, reason="Menunggu jawaban pelapor", waiting_for="reporter", question=text
    ),
    "hold": lambda case_id, row, unit, text: handle.hold(case_id, reason=text),
    "archive": _archive,
}
RIGHT: Final = {"verify": "lapor.verify", "dispose": "lapor.dispose", "archive": "lapor.archive"}


def actions_of(macro: MacroView) -> list[str]:
    """The actions of a macro in the order they are done."""
    return [action for action, _text in _steps(Macro(**macro.values))]


def _rights(macro: MacroView) -> set[str]:
    return {RIGHT.get(action, "lapor.handle") for action in actions_of(macro)}


def _judge(values: dict[str, Any], texts: dict[str, str]) -> tuple[list[FieldError], dict[str, Any]]:
    """What is wrong with the choices of a macro, and their columns."""
    dispose, reason = values.get("dispose") or "no", values.get("archive_reason") or ""
    category, agency = values.get("set_category") or None, values.get("agency") or ""
    wrong = {
        "set_category": category is not None and category not in reference().categories,
        "dispose": dispose not in {"no", "suggested", "unit"},
        "archive_reason": bool(reason) and reason not in reasons.titles("archive"),
    }
    errors = [
        FieldError(name, "Pilih dari daftar.", "choice") for name, is_wrong in wrong.items() if is_wrong
    ]
    unit = chosen(agency).id if dispose == "unit" and agency else None
    if dispose == "unit" and unit is None:
        errors.append(FieldError("agency", "Pilih unit yang menangani.", "required"))
    if reason:
        errors += [
            FieldError(name, "Isi bagian ini. Pengarsipan selalu beralasan.", "required")
            for name in ("archive_rule", "archive_remedy")
            if not texts[name]
        ]
    facts = {
        "take": bool(values.get("take")),
        "verify": bool(values.get("verify")),
        "set_category": category,
        "dispose": dispose,
        "to_agency_id": unit,
        "archive_reason": reason,
    }
    errors += _clashes(texts, facts)
    return errors, facts


def _clashes(texts: dict[str, str], facts: dict[str, Any]) -> list[FieldError]:
    """Steps that cannot follow each other, or no step at all."""
    ends = [name for name in ("question", "hold_reason") if texts[name]] + ["archive_reason"] * bool(
        facts["archive_reason"]
    )
    if len(ends) > 1:
        told = "Pilih satu saja: bertanya, menunda, atau mengarsipkan."
        return [FieldError(name, told, "choice") for name in ends]
    if texts["instruction"] and facts["dispose"] == "no":
        return [FieldError("instruction", "Pesan ini butuh unit. Pilih ke mana diteruskan.", "choice")]
    probe = Macro(**texts, **facts)
    return [] if _steps(probe) else [FieldError("title", "Pilih setidaknya satu langkah.", "required")]


def _usable(macro_id: UUID) -> Macro:
    query = select(Macro).where(Macro.id == macro_id, usable(Macro, current_actor()), holds(Macro))
    row = session().scalars(query).one_or_none()
    if row is None:
        raise NotFound("Makro ini tidak ada atau sudah berakhir.")
    return row


def _unit_of(row: Macro, case: Complaint) -> UUID | None:
    return row.to_agency_id if row.dispose == "unit" else case.suggested_id if row.dispose != "no" else None


def _detail(action: str, row: Macro, unit: UUID | None) -> str:
    """What a step is about: the category, the unit, the reason."""
    if action == "verify" and row.set_category:
        found = reference().categories.get(row.set_category)
        return found.name if found else row.set_category
    if action == "dispose":
        ref = agency_ref(unit)
        return ref.name if ref else ""
    return reasons.titles("archive").get(row.archive_reason, "") if action == "archive" else ""


def _view(row: Macro) -> MacroView:
    names = (
        *TEXTS,
        *("take", "verify", "set_category", "dispose", "to_agency_id", "archive_reason"),
    )
    return MacroView(
        row.id,
        row.code,
        row.title,
        row.category_code or "",
        row.status or "",
        agency_ref(row.agency_id),
        {name: getattr(row, name) for name in names},
        row.valid_to,
    )
