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
    document = n.document, calendar = :calendar, days = CAST(w.days AS jsonb),
    breached_at = CASE WHEN n.due_at > :now THEN NULL ELSE d.breached_at END
FROM unnest(CAST(:id AS uuid[]), CAST(:due_at AS timestamptz[]), CAST(:due_on AS date[]),
            CAST(:amount AS integer[]), CAST(:unit AS text[]), CAST(:document AS text[]),
            CAST(:place AS integer[])) AS n(id, due_at, due_on, amount, unit, document, place)
JOIN unnest(CAST(:days AS text[])) WITH ORDINALITY AS w(days, place) ON w.place = n.place
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
FROM unnest(CAST(:id AS uuid[]), CAST(:step AS text[]), CAST(:unit AS text[]),
            CAST(:due_from AS timestamptz[]), CAST(:due_at AS timestamptz[]), CAST(:overdue AS boolean[]))
     AS n(id, step, unit, due_from, due_at, overdue)
WHERE c.tenant_id = :tenant AND c.id = n.id
"""
)
TELL = text(
    """
INSERT INTO lapor.event (tenant_id, id, complaint_id, type, from_status, to_status, actor_kind, public, text,
    data, at)
SELECT :tenant, n.id, n.complaint_id, 'clock_moved', n.status, n.status, 'system', true, :reason,
    CAST(n.data AS jsonb), :now
FROM unnest(CAST(:id AS uuid[]), CAST(:complaint_id AS uuid[]), CAST(:status AS text[]),
            CAST(:data AS text[]))
     AS n(id, complaint_id, status, data)
"""
)
