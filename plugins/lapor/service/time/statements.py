"""What a recount sends to the database: few statements for many cases."""

from __future__ import annotations

from sqlalchemy import text

NEXT = text(
    """
SELECT DISTINCT complaint_id FROM lapor.deadline
WHERE tenant_id = :tenant AND done_at IS NULL AND complaint_id > :reached ORDER BY complaint_id LIMIT :size
"""
)
WRITE = text(
    """
UPDATE lapor.deadline d SET due_at = n.due_at, due_on = n.due_on, amount = n.amount, unit = n.unit,
    document = n.document, calendar = :calendar, days = w.days,
    breached_at = CASE WHEN n.due_at > :now THEN NULL ELSE d.breached_at END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, due_at timestamptz, due_on date,
         amount integer, unit text, document text, place integer)
JOIN jsonb_array_elements(CAST(:days AS jsonb)) WITH ORDINALITY AS w(days, place) ON w.place = n.place
WHERE d.tenant_id = :tenant AND d.id = n.id
"""
)
SAME = text(
    """
UPDATE lapor.deadline SET calendar = :calendar WHERE tenant_id = :tenant AND id = ANY(CAST(:id AS uuid[]))
"""
)
ADD = text(
    """
INSERT INTO lapor.deadline (tenant_id, id, complaint_id, step, authority, amount, unit, started_at, due_at,
    due_on, days, document, agency_id, calendar)
SELECT :tenant, n.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, complaint_id uuid, step text,
    authority text, amount integer, unit text, started_at timestamptz, due_at timestamptz, due_on date,
    days jsonb, document text, agency_id uuid, calendar integer)
"""
)
SHOW = text(
    """
UPDATE lapor.complaint c SET due_step = n.step, due_unit = n.unit, due_from = n.due_from, due_at = n.due_at,
    overdue = n.overdue, rung = 0, rung_who = '', updated_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, step text, unit text, due_from timestamptz,
         due_at timestamptz, overdue boolean)
WHERE c.tenant_id = :tenant AND c.id = n.id
"""
)
TELL = text(
    """
INSERT INTO lapor.event (tenant_id, id, complaint_id, type, from_status, to_status, actor_kind, public, text,
    data, at)
SELECT :tenant, n.id, n.complaint_id, 'clock_moved', n.status, n.status, 'system', true, :reason, n.data, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(id uuid, complaint_id uuid, status text, data jsonb)
"""
)
