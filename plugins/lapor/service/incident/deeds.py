"""Gathering and parting as deeds: what stood there before is kept, and can be put back exactly.

A deed keeps the rows that handling moves (state, units, clocks, pauses, membership) as they were, and a
digest of each case as it left it. Undoing compares: where a digest differs, something happened since
that nobody may take back silently (an answer, a new unit, a recomputed clock), and it is refused with
what happened. Notes and replies move none of these rows and stay. `version` only ever grows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import orjson
from flask_babel import gettext as _
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from plugins.lapor.models import (
    Assignment,
    CaseEvent,
    Complaint,
    DeadlineRow,
    Incident,
    IncidentDeed,
    Pause,
)
from plugins.lapor.service.incident import counts
from plugins.lapor.service.incident.counts import GATHERED
from plugins.lapor.words import event_title
from superapp.sdk import Actor, Conflict, NotFound, current_actor, current_tenant, new_id, now, session

# What a report says, and who it is: handling never moves it. Everything else of a case is moved by it.
SAID: Final = frozenset(
    (
        *("tenant_id", "number", "kind", "title", "body", "category_code", "occurred_on", "lat", "lng"),
        *("address", "area_code", "anonymous", "secret", "whistle", "accused_id", "channel", "source_url"),
        *("entered_by", "received_at", "updated_at", "version"),
    )
)
MOVED: Final = tuple(
    each.name for each in Complaint.__table__.columns if each.name not in SAID and each.name != "id"
)
# Passing time alone marks a case late and climbs the ladder: no reason to refuse, and nothing to put back.
PASSING: Final = frozenset({"overdue", "rung", "rung_who", "climbed"})
# Lines that tell about gathering itself, or change nothing.
BESIDE: Final = ("gathered", "parted", "voice", "leads", "shared", "note", "late", "reveal")
TABLES: Final = {"assignment": Assignment, "deadline": DeadlineRow, "pause": Pause}


@contextmanager
def deed(
    kind: str, incident_id: UUID, cases: Sequence[Complaint], *, actor: Actor, reason: str = ""
) -> Iterator[IncidentDeed]:
    """Do a gathering or parting of locked cases inside of work(): keep before and after, and count.

    The body changes what it likes of these cases and of the incidents they are in, before or after.
    """
    ids = [case.id for case in cases]
    touched = {incident_id, *(case.incident_id for case in cases if case.incident_id)}
    session().flush()
    before = _snapshot(ids, touched)
    counted = counts.of(ids, touched)
    made = IncidentDeed(
        id=new_id(),
        incident_id=incident_id,
        kind=kind,
        actor_kind=_kind(actor),
        actor_id=actor.id,
        actor_name=actor.name,
        numbers=[case.number for case in cases],
        reason=reason,
        before=before,
        at=now(),
    )
    yield made
    session().flush()
    session().expire_all()
    after = _snapshot(ids, touched)
    made.after = _digests(after)
    session().add(made)
    counts.change(ids, touched, counted)


def undo(deed_id: UUID, *, actor: Actor | None = None) -> IncidentDeed:
    """Put back what stood there before a deed, inside of work().

    Raises NotFound for an unknown one, Conflict when it is undone already or something happened since.
    """
    actor = actor or current_actor()
    found = session().scalars(
        select(IncidentDeed).where(IncidentDeed.id == deed_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    made = found.one_or_none()
    if made is None:
        raise NotFound(_("Tindakan ini tidak ada."))
    if made.undone_at is not None:
        raise Conflict(_("Tindakan ini sudah diurungkan."))
    ids = [UUID(row["id"]) for row in made.before["cases"]]
    touched = {UUID(each) for each in made.after["incidents"]}
    cases = lock(ids)
    _refuse_changed(made, _digests(_snapshot(ids, touched)), cases)
    counted = counts.of(ids, touched, boxes=True)
    _put_back(made.before, ids, touched)
    session().expire_all()
    check_whole(touched)
    made.undone_at, made.undone_by, made.undone_name = now(), actor.id, actor.name
    for case in lock(ids):
        tell(case, "parted" if case.incident_id is None else GATHERED, actor, {"undone": made.kind})
    counts.change(ids, touched, counted, boxes=True)
    return made


def lock(ids: Sequence[UUID]) -> list[Complaint]:
    """The rows, held until the work ends, taken in one order so that two deeds never wait for each other."""
    query = select(Complaint).where(Complaint.id.in_(ids)).order_by(Complaint.id).with_for_update()
    return list(session().scalars(query, execution_options={"populate_existing": True}))


def tell(case: Complaint, kind: str, actor: Actor, data: dict[str, Any], *, public: bool = False) -> None:
    """Add a line to a case's timeline."""
    session().add(
        CaseEvent(
            complaint_id=case.id,
            type=kind,
            from_status=case.status,
            to_status=case.status,
            actor_kind=_kind(actor),
            actor_id=actor.id,
            actor_name=actor.name if actor.kind == "officer" else "",
            agency_id=actor.agency_id,
            public=public,
            data=data,
        )
    )


def check_whole(incidents: set[UUID]) -> None:
    """Raise Conflict for an incident without its lead, with one voice only, or dissolved with voices left."""
    session().flush()
    for incident_id in sorted(incidents):
        row = session().get(Incident, (current_tenant().id, incident_id), populate_existing=True)
        query = select(Complaint.id, Complaint.number).where(Complaint.incident_id == incident_id)
        voices = {voice.id: voice.number for voice in session().execute(query)}
        alive = row is not None and row.dissolved_at is None
        if alive and row is not None and (row.lead_id not in voices or len(voices) < 2):
            raise Conflict(_("Kejadian ini sudah berubah."), _("Urungkan dahulu tindakan yang sesudahnya."))
        if not alive and voices:
            numbers = ", ".join(sorted(voices.values()))
            raise Conflict(
                _("Sejak itu %(numbers)s ikut dalam kejadian ini.", numbers=numbers),
                _("Pisahkan dahulu laporan itu."),
            )


def _snapshot(ids: Sequence[UUID], incidents: set[UUID]) -> dict[str, Any]:
    session().flush()
    cases = _rows("complaint", "id", ids)
    kept = {"id", "number", *MOVED}
    found: dict[str, Any] = {
        "cases": [{name: value for name, value in row.items() if name in kept} for row in cases],
        "incidents": _rows("incident", "id", sorted(incidents)),
    }
    for table in TABLES:
        found[table] = _rows(table, "complaint_id", ids)
    return found


def _rows(table: str, column: str, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    query = text(
        f"SELECT to_jsonb(t) AS row FROM lapor.{table} t "  # noqa: S608  names of this module
        f"WHERE tenant_id = :tenant AND {column} = ANY(:ids) ORDER BY id"
    )
    return list(session().scalars(query, {"tenant": current_tenant().id, "ids": list(ids)}))


def _digests(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Of each case with its units, clocks and pauses, and of each incident; equal exactly when these are."""
    cases: dict[str, list[Any]] = {row["id"]: [] for row in snapshot["cases"]}
    for row in snapshot["cases"]:
        cases[row["id"]].append({name: row[name] for name in MOVED if name not in PASSING})
    for table in TABLES:
        for row in snapshot[table]:
            cases[row["complaint_id"]].append(row)
    kept = ("lead_id", "led_id", "secret", "dissolved_at")
    return {
        "cases": {name: _digest(rows) for name, rows in cases.items()},
        "incidents": {row["id"]: _digest([row[each] for each in kept]) for row in snapshot["incidents"]},
    }


def _digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _refuse_changed(made: IncidentDeed, present: dict[str, Any], cases: Sequence[Complaint]) -> None:
    for case in cases:
        if present["cases"][str(case.id)] != made.after["cases"][str(case.id)]:
            query = select(CaseEvent.type).where(
                CaseEvent.complaint_id == case.id, CaseEvent.id > made.id, CaseEvent.type.not_in(BESIDE)
            )
            since = session().scalars(query.order_by(CaseEvent.id.desc()).limit(1)).first()
            what = f": {event_title(since)}" if since else ""
            raise Conflict(
                _("%(number)s sudah berubah sejak itu%(what)s.", number=case.number, what=what),
                _("Yang sudah terjadi tidak ditarik diam-diam. Pisahkan laporannya bila perlu."),
            )
    if present["incidents"] != made.after["incidents"]:
        raise Conflict(_("Kejadian ini sudah berubah."), _("Urungkan dahulu tindakan yang sesudahnya."))


def _put_back(before: dict[str, Any], ids: Sequence[UUID], incidents: set[UUID]) -> None:
    tenant, moment = current_tenant().id, now()
    known = {UUID(row["id"]) for row in before["incidents"]}
    for row in before["incidents"]:
        _restore_incident(row)
    gone = update(Incident).where(Incident.id.in_(incidents - known))
    session().execute(gone.values(dissolved_at=moment, changed_at=moment))
    for table, model in TABLES.items():
        names = [column.name for column in model.__table__.columns]
        changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("tenant_id", "id"))
        kept = [UUID(row["id"]) for row in before[table]]
        values = {
            "tenant": tenant,
            "ids": list(ids),
            "kept": kept,
            "rows": orjson.dumps(before[table]).decode(),
        }
        _take_away(table, values)
        session().execute(
            text(
                f"INSERT INTO lapor.{table} SELECT * FROM "  # noqa: S608  names of this module
                f"jsonb_populate_recordset(NULL::lapor.{table}, CAST(:rows AS jsonb)) "
                f"ON CONFLICT (tenant_id, id) DO UPDATE SET {changed}"
            ),
            values,
        )
    put = ", ".join(f"{name} = r.{name}" for name in MOVED if name not in PASSING)
    session().execute(
        text(
            f"UPDATE lapor.complaint c SET {put}, version = c.version + 1, updated_at = :now, "  # noqa: S608
            "overdue = r.status NOT IN ('closed', 'archived', 'on_hold') AND r.due_at < :now "
            "FROM jsonb_populate_recordset(NULL::lapor.complaint, CAST(:rows AS jsonb)) r "
            "WHERE c.tenant_id = :tenant AND c.id = r.id"
        ),
        {"tenant": tenant, "now": moment, "rows": orjson.dumps(before["cases"]).decode()},
    )


def _take_away(table: str, values: dict[str, Any]) -> None:
    """Remove the rows that came since. Raises Conflict when something else was built on them."""
    query = text(
        f"DELETE FROM lapor.{table} WHERE tenant_id = :tenant AND complaint_id = ANY(:ids) "  # noqa: S608
        "AND NOT id = ANY(:kept)"
    )
    try:
        with session().begin_nested():
            session().execute(query, {name: values[name] for name in ("tenant", "ids", "kept")})
    except IntegrityError as error:
        raise Conflict(
            _("Unit sudah bekerja dengan laporan ini sejak itu."),
            _("Pisahkan laporannya, jangan urungkan."),
        ) from error


def _restore_incident(row: dict[str, Any]) -> None:
    session().execute(
        text(
            "UPDATE lapor.incident i SET lead_id = r.lead_id, led_id = r.led_id, secret = r.secret, "
            "changed_at = :now, ended_at = r.ended_at, dissolved_at = r.dissolved_at "
            "FROM jsonb_populate_record(NULL::lapor.incident, CAST(:row AS jsonb)) r "
            "WHERE i.tenant_id = :tenant AND i.id = r.id"
        ).bindparams(bindparam("row"), bindparam("now")),
        {"tenant": current_tenant().id, "row": orjson.dumps(row).decode(), "now": now()},
    )


def _kind(actor: Actor) -> str:
    from plugins.lapor.service.case import REPORTER

    return "reporter" if actor is REPORTER else actor.kind
