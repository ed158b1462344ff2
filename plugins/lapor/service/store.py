"""The one statement that makes a report real: key, number, case, reporter, event, clocks, counters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text

from plugins.lapor.contracts import Deadline, SkippedDay
from plugins.lapor.models import Complaint, Reporter
from superapp.sdk import session

# Every part hangs on the one before it: a repeated key takes no number, and a refused case leaves nothing.
WRITE = text(
    """
WITH fresh AS (
    INSERT INTO lapor.idempotency (tenant_id, key, digest, complaint_id, response, created_at)
    SELECT :tenant, :idem, :digest, :id, CAST(:response AS jsonb), :now WHERE :has_key
    ON CONFLICT DO NOTHING RETURNING 1
), numbered AS (
    INSERT INTO lapor.number AS n (tenant_id, year, last)
    SELECT :tenant, :year, 1 WHERE NOT :has_key OR EXISTS (SELECT 1 FROM fresh)
    ON CONFLICT (tenant_id, year) DO UPDATE SET last = n.last + 1
    RETURNING last
), made AS (
    INSERT INTO lapor.complaint (
        tenant_id, id, number, kind, title, body, category_code, occurred_on, lat, lng, address, area_code,
        anonymous, secret, whistle, accused_id,
        published, channel, source_url, status, suggested_id, entered_by, routing,
        received_at, updated_at, due_step, due_unit, due_from, due_at, external_id)
    SELECT :tenant, :id, :prefix || lpad(last::text, greatest(6, length(last::text)), '0'),
        :kind, :title, :body, :category, :occurred_on,
        :lat, :lng, :address, :area, :anonymous, :secret, :whistle, :accused,
        :published, :channel, :source_url, 'received',
        :suggested, :entered_by, CAST(:routing AS jsonb), :now, :now, 'verify', :due_unit, :now, :due_at,
        :external_id
    FROM numbered
    RETURNING number
), who AS (
    INSERT INTO lapor.reporter (tenant_id, complaint_id, salt, claim_until)
    SELECT :tenant, :id, :salt, :claim_until FROM made
), known AS (
    SELECT 1 FROM lapor.vault_person
    WHERE tenant_id = :tenant AND link = CAST(:link AS bytea) AND wrapped IS NOT NULL LIMIT 1
), person AS (
    INSERT INTO lapor.vault_person (tenant_id, id, key_version, wrapped, link, created_at)
    SELECT :tenant, :person_id, :key_version, :wrapped, :link, :now FROM made
    WHERE :has_contact AND NOT EXISTS (SELECT 1 FROM known)
), contact AS (
    INSERT INTO lapor.vault_contact (
        tenant_id, complaint_id, person_id, name, phone, email, nik, phone_tag, email_tag, nik_tag, kept_at)
    SELECT :tenant, :id, :person_id, :name, :phone, :email, :nik, :phone_tag, :email_tag, :nik_tag, :now
    FROM made WHERE :has_contact AND NOT EXISTS (SELECT 1 FROM known)
), told AS (
    INSERT INTO lapor.event (
        tenant_id, id, complaint_id, type, to_status, actor_kind, actor_id, actor_name, public, data, at)
    SELECT :tenant, :event_id, :id, 'received', 'received', :actor_kind, :entered_by, :actor_name, true,
        CAST(:facts AS jsonb), :now
    FROM made
), meant AS (
    SELECT d.id FROM made, lapor.destination d
    WHERE d.tenant_id = :tenant AND d.ended_at IS NULL AND NOT :secret AND :whistle = ''
      AND d.id IS DISTINCT FROM CAST(:told_by AS uuid)
      AND (d.takes = 'all' OR (d.takes = 'categories' AND :category = ANY(d.categories)))
), there AS (
    INSERT INTO lapor.outside_ref (tenant_id, destination_id, complaint_id, made_at)
    SELECT :tenant, m.id, :id, :now FROM meant m
), parcels AS (
    INSERT INTO lapor.parcel
        (tenant_id, destination_id, event_id, complaint_id, step, owner, state, made_at, due_at)
    SELECT :tenant, m.id, :event_id, :id, 'new', false, 'waiting', :now, :now FROM meant m
), clocks AS (
    INSERT INTO lapor.deadline (
        tenant_id, id, complaint_id, step, authority, amount, unit,
        started_at, due_at, due_on, days, document, calendar)
    SELECT :tenant, d.id, :id, d.step, d.authority, d.amount, d.unit,
        :now, d.due_at, d.due_on, d.days, d.document, d.calendar
    FROM made, jsonb_to_recordset(CAST(:deadlines AS jsonb)) AS d(
        id uuid, step text, authority text, amount integer, unit text, due_at timestamptz, due_on date,
        days jsonb, document text, calendar integer)
), counted AS (
    INSERT INTO lapor.counter AS c (tenant_id, key, shard, value)
    SELECT :tenant, k, :shard, v
    FROM made, unnest(CAST(:keys AS text[]), CAST(:steps AS bigint[])) AS given(k, v) ORDER BY k
    ON CONFLICT (tenant_id, key, shard) DO UPDATE SET value = c.value + excluded.value
)
SELECT number, EXISTS (SELECT 1 FROM known) AS known FROM made
"""
)
FIRST = text(
    "SELECT digest, complaint_id, response FROM lapor.idempotency WHERE tenant_id = :tenant AND key = :idem"
)


def write(values: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Send it; the number of the new case, None when the key was used before and nothing was written.

    The second is True when the reporter's key is known already: the contact is then still to be kept.
    """
    row = session().execute(WRITE, dict(values)).first()
    return (row.number, row.known) if row else (None, False)


def first_answer(tenant_id: int, key: str) -> tuple[bytes, UUID, dict[str, Any]] | None:
    """Digest, case and answer kept under an idempotency key."""
    row = session().execute(FIRST, {"tenant": tenant_id, "idem": key}).first()
    return (bytes(row.digest), row.complaint_id, row.response) if row else None


def deadlines_json(deadlines: Sequence[Deadline], ids: Sequence[UUID]) -> str:
    """The rows of lapor.deadline as one JSON list."""
    return dumps([{"id": str(ids[n]), **deadline_facts(each)} for n, each in enumerate(deadlines)])


def deadline_facts(each: Deadline) -> dict[str, Any]:
    """A deadline's columns."""
    return {
        "step": each.step,
        "authority": each.authority,
        "amount": each.amount,
        "unit": each.unit,
        "due_at": each.due_at.isoformat(),
        "due_on": each.due_on.isoformat() if each.due_on else None,
        "days": days_json(each),
        "document": each.document,
        "calendar": each.calendar,
    }


def days_json(each: Deadline) -> dict[str, Any]:
    """The counted and skipped days, as lapor.deadline keeps them; for hours with their minutes."""
    minutes = {"minutes": list(each.minutes)} if each.minutes else {}
    return {
        **minutes,
        "counted": [day.isoformat() for day in each.days_counted],
        "skipped": [[skip.day.isoformat(), skip.reason] for skip in each.skipped],
    }


def deadline_from(row: Mapping[str, Any], started_at: datetime) -> Deadline:
    """A deadline from the facts that were kept of it."""
    days = row["days"]
    return Deadline(
        step=row["step"],
        due_at=_moment(row["due_at"]),
        started_at=started_at,
        amount=row["amount"],
        unit=row["unit"],
        days_counted=tuple(date.fromisoformat(day) for day in days.get("counted", ())),
        skipped=tuple(SkippedDay(date.fromisoformat(day), why) for day, why in days.get("skipped", ())),
        document=row["document"],
        authority=row["authority"],
        due_on=date.fromisoformat(str(row["due_on"])),
        minutes=tuple(days.get("minutes", ())),
        calendar=row.get("calendar"),
    )


def dumps(value: Any) -> str:
    """JSON as the database takes it."""
    return orjson.dumps(value, default=str).decode()


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def number_and_salt(complaint_id: UUID) -> tuple[str, bytes]:
    """A case's number and the salt of its PIN."""
    query = (
        select(Complaint.number, Reporter.salt)
        .join(Reporter, Reporter.complaint_id == Complaint.id)
        .where(Complaint.id == complaint_id)
    )
    number, salt = session().execute(query).one()
    return number, bytes(salt)
