"""Learned routing: versions of the model, decisions with what was suggested, weekly reports.

Revision ID: 0004_routing
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0004_routing"
down_revision = "0003_owners"
branch_labels = None
depends_on = None

TEXT = "text NOT NULL DEFAULT ''"
OF_AGENCY = "FOREIGN KEY (tenant_id, {}) REFERENCES core.agency (tenant_id, id)"

TABLES = {
    "routing_model": f"""
CREATE TABLE lapor.routing_model (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('candidate', 'active', 'retired')),
    basis text NOT NULL CHECK (basis IN ('examples', 'decisions')),
    trained_at timestamptz NOT NULL, learnt_until timestamptz,
    rows integer NOT NULL CHECK (rows BETWEEN 0 AND 10000000),
    later integer NOT NULL DEFAULT 0 CHECK (later BETWEEN 0 AND 10000000),
    measures jsonb NOT NULL DEFAULT '{{}}', note {TEXT},
    file {TEXT}, digest {TEXT}, size integer NOT NULL DEFAULT 0 CHECK (size BETWEEN 0 AND 1000000000),
    activated_at timestamptz, activated_by {TEXT}, retired_at timestamptz,
    PRIMARY KEY (tenant_id, id)
)""",
    "routing_decision": f"""
CREATE TABLE lapor.routing_decision (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL, at timestamptz NOT NULL,
    how text NOT NULL CHECK (how IN ('officer', 'api', 'system')),
    source text NOT NULL CHECK (source ~ '^[a-z][a-z0-9_]{{1,30}}$'),
    model_id uuid, first_id uuid, second_id uuid, third_id uuid,
    strength integer NOT NULL DEFAULT 0 CHECK (strength BETWEEN 0 AND 3),
    sure double precision NOT NULL DEFAULT 0 CHECK (sure BETWEEN 0 AND 1),
    chosen_id uuid NOT NULL, place integer NOT NULL CHECK (place BETWEEN 0 AND 3),
    reason {TEXT}, recalled_at timestamptz, recalled_by {TEXT},
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, model_id) REFERENCES lapor.routing_model (tenant_id, id),
    {OF_AGENCY.format("first_id")}, {OF_AGENCY.format("second_id")},
    {OF_AGENCY.format("third_id")}, {OF_AGENCY.format("chosen_id")},
    CHECK (place = 0 OR chosen_id = CASE place WHEN 1 THEN first_id WHEN 2 THEN second_id ELSE third_id END)
)""",
    "routing_report": """
CREATE TABLE lapor.routing_report (
    tenant_id bigint NOT NULL, week date NOT NULL, made_at timestamptz NOT NULL,
    cases integer NOT NULL CHECK (cases BETWEEN 0 AND 10000000),
    measures jsonb NOT NULL DEFAULT '{}', alarms jsonb NOT NULL DEFAULT '[]',
    seen_at timestamptz,
    PRIMARY KEY (tenant_id, week), CHECK (extract(isodow FROM week) = 1)
)""",
}
INDICES = (
    "CREATE UNIQUE INDEX routing_model_active ON lapor.routing_model (tenant_id) WHERE state = 'active'",
    "CREATE INDEX routing_model_age ON lapor.routing_model (tenant_id, trained_at DESC, id DESC)",
    "CREATE INDEX routing_decision_case ON lapor.routing_decision (tenant_id, complaint_id, at)",
    "CREATE INDEX routing_decision_age ON lapor.routing_decision (tenant_id, at DESC, id DESC)",
    "CREATE INDEX routing_decision_like ON lapor.routing_decision "
    "(tenant_id, first_id, source, strength, at DESC)",
)
# What officers decided before: nobody knows any more what was suggested to them beyond the first.
EARLIER = """
INSERT INTO lapor.routing_decision (tenant_id, id, complaint_id, at, how, source, first_id, chosen_id, place)
SELECT DISTINCT ON (a.tenant_id, a.complaint_id)
    a.tenant_id, gen_random_uuid(), a.complaint_id, a.assigned_at, 'officer', 'earlier',
    c.suggested_id, a.agency_id, CASE WHEN c.suggested_id = a.agency_id THEN 1 ELSE 0 END
FROM lapor.assignment a
JOIN lapor.complaint c ON c.tenant_id = a.tenant_id AND c.id = a.complaint_id
WHERE a.role = 'owner' AND NOT c.secret
ORDER BY a.tenant_id, a.complaint_id, a.assigned_at
"""


def upgrade() -> None:
    for create in TABLES.values():
        op.execute(create)
    for create in INDICES:
        op.execute(create)
    # The owner of the tables is bound by the policies, too: they are lifted for this one statement.
    for table in ("assignment", "complaint"):
        op.execute(f"ALTER TABLE lapor.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(EARLIER)
    for table in ("assignment", "complaint"):
        op.execute(f"ALTER TABLE lapor.{table} FORCE ROW LEVEL SECURITY")
    enable_rls(op, "lapor.routing_model", "SELECT, INSERT, UPDATE")
    enable_rls(op, "lapor.routing_decision", "SELECT, INSERT, UPDATE")
    enable_rls(op, "lapor.routing_report", "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE lapor.{table}")
