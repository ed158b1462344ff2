"""Changing who owns what: one dated row ends, another begins, each with its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import AgencyRef
from plugins.lapor.models import Reorganisation, RoutingRule
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.owners.judge import Passing, Span, circles, span
from plugins.lapor.service.reference import forget, reference
from plugins.lapor.service.validate import KINDS, optional, require
from superapp.sdk import (
    Agency,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    after_commit,
    audit,
    current_actor,
    current_tenant,
    directory,
    now,
    session,
    work,
)

RIGHT = "lapor.rules"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the desk lists it."""

    id: UUID
    category: str
    area: str
    kind: str
    agency: AgencyRef | None
    priority: int
    reason: str
    valid: Span
    document: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A reorganisation as the desk lists it."""

    giver: AgencyRef | None
    taker: AgencyRef | None
    on: date
    category: str
    document: str


def today() -> date:
    """The day in the tenant's zone."""
    return local_day(now(), ZoneInfo(current_tenant().timezone))


def rules(*, ended: bool = False) -> list[RuleRow]:
    """The rules that hold or will hold, by what they speak of; with `ended` those that are over, too."""
    day = today()
    areas = directory.areas()
    rows = session().scalars(select(RoutingRule))
    found = [
        RuleRow(
            row.id,
            _category(row.category_code),
            areas[row.area_code].name if row.area_code in areas else row.area_code or "",
            row.kind or "",
            agency_ref(row.agency_id),
            row.priority,
            row.reason,
            span(row),
            row.document,
            span(row).holds(day),
        )
        for row in rows
        if ended or row.valid_to is None or row.valid_to >= day
    ]
    return sorted(
        found, key=lambda each: (each.category, each.area, each.kind, -each.priority, str(each.valid))
    )


def reorganisations() -> list[Change]:
    """All of them, the latest first."""
    rows = session().scalars(
        select(Reorganisation).order_by(Reorganisation.on_date.desc(), Reorganisation.id)
    )
    return [
        Change(
            agency_ref(row.from_agency_id),
            agency_ref(row.to_agency_id),
            row.on_date,
            _category(row.category_code),
            row.document,
        )
        for row in rows
    ]


def add_rule(
    *,
    agency: str,
    category: str = "",
    area: str = "",
    kind: str = "",
    priority: int = 0,
    reason: str = "",
    valid_from: date | None,
    valid_to: date | None = None,
    document: str,
) -> UUID:
    """Begin a rule. Raises Invalid naming each wrong field, and the row that it would overlap."""
    _may()
    errors, unit = _asked(agency, category, area, kind, priority, valid_from, valid_to)
    stands_on = require("document", document, most=500)
    why = optional("reason", reason, most=500)
    if errors or unit is None:
        raise Invalid(errors=errors)
    valid = Span(valid_from, valid_to)
    _check_days(valid, unit, category)
    with work():
        _check_overlap(category or None, area or None, kind or None, priority, valid)
        row = RoutingRule(
            category_code=category or None,
            area_code=area or None,
            kind=kind or None,
            agency_id=unit.id,
            priority=priority,
            reason=why,
            valid_from=valid_from,
            valid_to=valid_to,
            document=stands_on,
            evidence="desk",
        )
        session().add(row)
        session().flush()
        _told("lapor.rule.begin", row.id, agency=agency, category=category, area=area)
    return row.id


def end_rule(rule_id: UUID, *, last: date | None, document: str = "") -> None:
    """Let a rule hold up to and with `last`.

    Raises NotFound, Invalid for one that ended already or a day before it began.
    """
    _may()
    note = optional("document", document, most=500)
    with work():
        query = select(RoutingRule).where(RoutingRule.id == rule_id).with_for_update()
        row = session().scalars(query).one_or_none()
        if row is None:
            raise NotFound(_("Aturan ini tidak ada."))
        if last is None:
            raise Invalid(errors=[FieldError("valid_to", _("Isi hari terakhirnya."), "required")])
        if row.valid_to is not None and row.valid_to <= last:
            told = _("Aturan ini sudah berakhir pada %(day)s.", day=row.valid_to.isoformat())
            raise Invalid(errors=[FieldError("valid_to", told, "range")])
        if row.valid_from is not None and last < row.valid_from:
            told = _("Aturan ini baru mulai pada %(day)s.", day=row.valid_from.isoformat())
            raise Invalid(errors=[FieldError("valid_to", told, "range")])
        row.valid_to = last
        if note:
            row.document = f"{row.document}; {note}" if row.document else note
        _told("lapor.rule.end", row.id, last=last.isoformat())


def close_agency(code: str, *, last: date | None, document: str) -> None:
    """Let a unit exist up to and with `last`.

    Raises Invalid while rules hold beyond that day, naming them.
    """
    _may()
    stands_on = require("document", document, most=500)
    with work():
        query = select(Agency).where(Agency.code == code).with_for_update()
        row = session().scalars(query).one_or_none()
        if row is None:
            raise NotFound(_("Unit ini tidak ada."))
        if last is None:
            raise Invalid(errors=[FieldError("valid_to", _("Isi hari terakhirnya."), "required")])
        if row.valid_to is not None:
            told = _("Unit ini sudah berakhir pada %(day)s.", day=row.valid_to.isoformat())
            raise Invalid(errors=[FieldError("valid_to", told, "range")])
        if row.valid_from is not None and last < row.valid_from:
            told = _("Unit ini baru mulai pada %(day)s.", day=row.valid_from.isoformat())
            raise Invalid(errors=[FieldError("valid_to", told, "range")])
        _no_rule_after(row.id, Span(row.valid_from, last))
        row.valid_to = last
        row.document = f"{row.document}; {stands_on}" if row.document else stands_on
        _told("lapor.agency.end", row.id, agency=code, last=last.isoformat())


def reorganise(
    *,
    giver: str,
    taker: str,
    on: date | None,
    category: str = "",
    document: str,
    move_rules: bool = True,
) -> int:
    """From `on` what one unit owned is another's; with `move_rules` its rules end and begin anew there.

    Returns how many rules went along. Raises Invalid naming each wrong field.
    """
    _may()
    stands_on = require("document", document, most=500)
    units = directory.agencies_by_code()
    errors = [
        FieldError(name, _("Pilih unit."), "unknown")
        for name, code in (("giver", giver), ("taker", taker))
        if code not in units
    ]
    if category and category not in reference().categories:
        errors.append(FieldError("category", _("Jenis ini tidak ada."), "unknown"))
    if on is None:
        errors.append(FieldError("on", _("Isi tanggal mulainya."), "required"))
    if errors or on is None:
        raise Invalid(errors=errors)
    one, two = units[giver], units[taker]
    if not two.valid_on(on):
        told = _("%(unit)s tidak berlaku pada %(day)s.", unit=two.name, day=on.isoformat())
        raise Invalid(errors=[FieldError("taker", told, "closed")])
    with work():
        _no_circle(Passing(one.id, two.id, on, category or None))
        session().add(
            Reorganisation(
                from_agency_id=one.id,
                to_agency_id=two.id,
                on_date=on,
                category_code=category or None,
                document=stands_on,
                evidence="desk",
            )
        )
        moved = _move_rules(one.id, two.id, on, category or None, stands_on) if move_rules else 0
        _told("lapor.reorganisation", one.id, giver=giver, taker=taker, on=on.isoformat())
    return moved


def named(row: RoutingRule) -> str:
    """A rule as a refusal names it."""
    areas = directory.areas()
    category = _category(row.category_code) or _("semua jenis")
    area = areas[row.area_code].name if row.area_code in areas else _("semua wilayah")
    since = row.valid_from.isoformat() if row.valid_from else _("awal")
    unit = agency_ref(row.agency_id)
    return f"{category}, {area}, {unit.name if unit else ''} ({_('sejak %(day)s', day=since)})"


def _category(code: str | None) -> str:
    found = reference().categories.get(code or "")
    return found.name if found else code or ""


def _may() -> None:
    if not current_actor().may(RIGHT):
        raise Forbidden()


def _asked(
    agency: str,
    category: str,
    area: str,
    kind: str,
    priority: int,
    valid_from: date | None,
    valid_to: date | None,
) -> tuple[list[FieldError], directory.AgencyInfo | None]:
    unit = directory.agencies_by_code().get(agency)
    wrong = {
        "agency": _("Pilih unit.") if unit is None else "",
        "category": _("Jenis ini tidak ada.") if category and category not in reference().categories else "",
        "area": _("Wilayah ini tidak ada.") if area and area not in directory.areas() else "",
        "kind": _("Pilih dari daftar.") if kind and kind not in KINDS else "",
        "priority": "" if 0 <= priority <= 1000 else _("Isi angka 0 sampai 1000."),
        "valid_from": _("Isi tanggal mulainya.") if valid_from is None else "",
    }
    if valid_from and valid_to and valid_to < valid_from:
        wrong["valid_to"] = _("Hari terakhir sebelum hari pertama.")
    return [FieldError(name, words, "choice") for name, words in wrong.items() if words], unit


def _check_days(valid: Span, unit: directory.AgencyInfo, category: str) -> None:
    errors = []
    day = valid.beyond(Span(unit.valid_from, unit.valid_to))
    if day is not None:
        told = _("%(unit)s tidak berlaku pada %(day)s.", unit=unit.name, day=day.isoformat())
        errors.append(FieldError("agency", told, "closed"))
    info = reference().categories.get(category)
    if info is not None and valid.beyond(span(info)) is not None:
        told = _("Jenis %(name)s tidak berlaku sepanjang waktu itu.", name=info.name)
        errors.append(FieldError("category", told, "closed"))
    if errors:
        raise Invalid(errors=errors)


def _check_overlap(
    category: str | None, area: str | None, kind: str | None, priority: int, valid: Span
) -> None:
    same = select(RoutingRule).where(
        RoutingRule.category_code.is_not_distinct_from(category),
        RoutingRule.area_code.is_not_distinct_from(area),
        RoutingRule.kind.is_not_distinct_from(kind),
        RoutingRule.priority == priority,
    )
    for row in session().scalars(same.with_for_update()):
        if span(row).overlaps(valid):
            told = _("Bertumpuk dengan aturan %(rule)s. Akhiri aturan itu dahulu.", rule=named(row))
            raise Invalid(errors=[FieldError("valid_from", told, "overlap")])


def _no_rule_after(agency_id: UUID, valid: Span) -> None:
    rows = session().scalars(select(RoutingRule).where(RoutingRule.agency_id == agency_id))
    after = [named(row) for row in rows if span(row).beyond(valid) is not None]
    if after:
        told = _("Masih ada aturan setelah hari itu: %(rules)s. Akhiri dahulu.", rules="; ".join(after[:5]))
        raise Invalid(errors=[FieldError("valid_to", told, "rules")])


def _no_circle(new: Passing) -> None:
    rows: Sequence[Reorganisation] = session().scalars(select(Reorganisation)).all()
    passed = [Passing(row.from_agency_id, row.to_agency_id, row.on_date, row.category_code) for row in rows]
    if circles([*passed, new]):
        met = next((row for row in rows if row.from_agency_id == new.taker), None)
        told = _("Urusan ini kembali ke unit asalnya.")
        if met is not None:
            told = _("Urusan ini kembali ke unit asalnya lewat %(document)s.", document=met.document)
        raise Invalid(errors=[FieldError("taker", told, "circle")])


def _move_rules(giver: UUID, taker: UUID, on: date, category: str | None, document: str) -> int:
    query = select(RoutingRule).where(RoutingRule.agency_id == giver).with_for_update()
    moved = 0
    for row in session().scalars(query):
        if category not in (None, row.category_code) or not Span(on, None).overlaps(span(row)):
            continue
        end, begins = row.valid_to, max(on, row.valid_from or on)
        columns = ("category_code", "area_code", "kind", "priority", "reason", "evidence")
        kept = {name: getattr(row, name) for name in columns}
        if row.valid_from is not None and row.valid_from >= on:
            session().delete(row)
        else:
            row.valid_to = on - timedelta(days=1)
        new = RoutingRule(**kept, agency_id=taker, valid_from=begins, valid_to=end, document=document)
        session().add(new)
        moved += 1
    return moved


def _told(action: str, subject: UUID, **facts: str) -> None:
    """A line in the host's trail; what was read before is forgotten."""
    audit.record(action, "agency" if "agency" in action else "rule", subject, **facts)
    after_commit(forget)
    after_commit(directory.forget)
