"""Texts to begin with: of the whole desk, kept by the coordinator, or of one unit, kept by its liaison."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from plugins.lapor.clock import local_day
from plugins.lapor.contracts.desk import TemplateView
from plugins.lapor.models import Complaint, Macro, Template
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.deskwork import wording
from plugins.lapor.service.reference import reference
from plugins.lapor.service.validate import require
from plugins.lapor.states import STATUSES
from superapp.sdk import (
    Actor,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    audit,
    current_actor,
    current_tenant,
    new_id,
    now,
    session,
    work,
)

FIELDS: Final = ("answer", "progress", "ask", "archive", "dispose", "note")
WHOLE_DESK, OWN_UNIT = "lapor.templates", "lapor.handle"
MOST: Final = 200
Kept = TypeVar("Kept", Template, Macro)


def templates(field: str = "", *, ended: bool = False) -> list[TemplateView]:
    """What this officer may use: the desk's and the own unit's, by order and title."""
    query = select(Template).where(usable(Template, current_actor()))
    if field:
        query = query.where(Template.field == field)
    if not ended:
        query = query.where(holds(Template))
    rows = session().scalars(query.order_by(Template.sort, Template.title, Template.id).limit(MOST))
    return [view(row) for row in rows]


def fitting(case: Complaint) -> list[TemplateView]:
    """Those that fit a case: of its category or of any, of its state or of any, the special ones first."""
    found = [each for each in templates() if fits(each.category, each.status, case)]
    return sorted(found, key=lambda each: (not each.category, not each.status))


def save(template_id: UUID | None, values: dict[str, Any]) -> UUID:
    """Write a new template or change one: title, field, body, category, status, unit ("own" or "").

    Raises Invalid naming what is wrong, Forbidden for one of the desk or of another unit.
    """
    title, body = require("title", values.get("title", ""), most=120), values.get("body", "")
    text = require("body", body, most=5000)
    wording.check("body", text)
    field = values.get("field", "")
    if field not in FIELDS:
        raise Invalid(errors=[FieldError("field", "Pilih untuk isian mana.", "choice")])
    with work():
        row = own_row(Template, template_id) if template_id else Template(id=new_id(), code="")
        row.agency_id = unit_for(values.get("unit", ""), row.agency_id if template_id else None)
        row.title, row.field, row.body = title, field, text
        row.category_code, row.status = narrowing(values)
        row.code = row.code or f"MEJA.{row.id.hex[-12:].upper()}"
        session().add(row)
        audit.record("lapor.template", "template", row.id, title=title)
        session().flush()
        return row.id


def end(model: type[Kept], row_id: UUID) -> None:
    """Let it end yesterday: it is offered no more, and what was written with it stays. Raises NotFound."""
    with work():
        row = own_row(model, row_id)
        yesterday = _today() - timedelta(days=1)
        row.valid_to = yesterday
        if row.valid_from is not None and row.valid_from > yesterday:
            row.valid_from = yesterday
        audit.record("lapor.template_ended", model.__tablename__, row.id, title=row.title)


def resume(model: type[Kept], row_id: UUID) -> None:
    """Offer an ended one again. Raises NotFound."""
    with work():
        own_row(model, row_id).valid_to = None


def own_row(model: type[Kept], row_id: UUID) -> Kept:
    """The row when the actor may change it. Raises NotFound, Forbidden for the desk's or another unit's."""
    actor = current_actor()
    row = session().scalars(select(model).where(model.id == row_id, usable(model, actor))).one_or_none()
    if row is None:
        raise NotFound("Templat ini tidak ada.")
    if not may_change(actor, row.agency_id):
        raise Forbidden("Templat seluruh meja diubah oleh koordinator.")
    return row


def may_change(actor: Actor, agency_id: UUID | None) -> bool:
    """True for the coordinator, and for a unit's officers with what is their own."""
    own = agency_id is not None and agency_id == actor.agency_id and actor.may(OWN_UNIT)
    return actor.may(WHOLE_DESK) or own


def unit_for(asked: str, before: UUID | None) -> UUID | None:
    """Whose it becomes: "own" the actor's unit, else the desk's. Raises Forbidden, Invalid without a unit."""
    actor = current_actor()
    if asked == "own" and actor.agency_id is None:
        raise Invalid(errors=[FieldError("unit", "Anda tidak bertugas di sebuah unit.", "choice")])
    unit = (before or actor.agency_id) if asked == "own" else None
    if not may_change(actor, unit):
        raise Forbidden("Templat seluruh meja ditulis oleh koordinator. Simpan untuk unit Anda.")
    return unit


def narrowing(values: dict[str, Any]) -> tuple[str | None, str | None]:
    """Category and state that it is for, None for any. Raises Invalid."""
    category, status = values.get("category") or None, values.get("status") or None
    errors = []
    if category is not None and category not in reference().categories:
        errors.append(FieldError("category", "Jenis ini tidak ada. Pilih dari daftar.", "unknown"))
    if status is not None and status not in STATUSES:
        errors.append(FieldError("status", "Keadaan ini tidak ada. Pilih dari daftar.", "unknown"))
    if errors:
        raise Invalid(errors=errors)
    return category, status


def usable(model: type[Kept], actor: Actor) -> ColumnElement[bool]:
    """Of the whole desk or of the actor's unit; the coordinator sees those of every unit."""
    if actor.kind == "system" or actor.may(WHOLE_DESK):
        return model.tenant_id == current_tenant().id
    return or_(model.agency_id.is_(None), model.agency_id == actor.agency_id)


def holds(model: type[Kept]) -> ColumnElement[bool]:
    """Valid today."""
    today: date = _today()
    begun = or_(model.valid_from.is_(None), model.valid_from <= today)
    return begun & or_(model.valid_to.is_(None), model.valid_to >= today)


def fits(category: str, status: str, case: Complaint) -> bool:
    """True when what it is for is this case's, or left open."""
    return category in ("", case.category_code) and status in ("", case.status)


def view(row: Template) -> TemplateView:
    """A template without its row."""
    return TemplateView(
        row.id,
        row.code,
        row.title,
        row.field,
        row.category_code or "",
        row.status or "",
        agency_ref(row.agency_id),
        row.body,
        row.valid_to,
    )


def _today() -> date:
    return local_day(now(), ZoneInfo(current_tenant().timezone))
