"""Limits in hours and by class, calendar versions, shifts, ladders and their warnings.

Revision ID: 0002_clocks
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0002_clocks"
down_revision = "0001_lapor"
branch_labels = None
depends_on = None

STEPS = "'verify', 'follow_up', 'resolve', 'confirm'"
CLASSES = "'normative', 'standard', 'supervisory'"
UNITS = "'wd', 'd', 'h'"
VALID = "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)"
TEXT = "text NOT NULL DEFAULT ''"
DATED = f"valid_from date, valid_to date, document {TEXT}"

# A deadline's `calendar` has no foreign key: versions are never deleted, and the check would lock
# the newest one in every report that comes in.
CLOCKS = f"""
ALTER TABLE lapor.category
    ADD COLUMN supervision text NOT NULL DEFAULT 'standard' CHECK (supervision IN ({CLASSES}));
ALTER TABLE lapor.time_limit
    ADD COLUMN supervision text CHECK (supervision IN ({CLASSES})),
    DROP CONSTRAINT time_limit_unit_check,
    ADD CONSTRAINT time_limit_unit_check CHECK (unit IN ({UNITS}));
ALTER TABLE lapor.deadline
    ADD COLUMN agency_id uuid,
    ADD COLUMN calendar integer CHECK (calendar BETWEEN 1 AND 1000000),
    ADD COLUMN breached_at timestamptz,
    ADD CONSTRAINT deadline_agency FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id),
    DROP CONSTRAINT deadline_unit_check,
    ADD CONSTRAINT deadline_unit_check CHECK (unit IN ({UNITS}));
CREATE INDEX deadline_open ON lapor.deadline (tenant_id, complaint_id, id) WHERE done_at IS NULL;
CREATE INDEX deadline_due ON lapor.deadline (tenant_id, step, due_at, id) WHERE done_at IS NULL;
CREATE INDEX deadline_unflagged ON lapor.deadline (tenant_id, due_at)
    WHERE done_at IS NULL AND breached_at IS NULL;
ALTER TABLE lapor.pause ADD COLUMN party {TEXT} CHECK (length(party) <= 200);
ALTER TABLE lapor.complaint
    ADD COLUMN due_unit text NOT NULL DEFAULT 'wd' CHECK (due_unit IN ({UNITS})),
    ADD COLUMN rung integer NOT NULL DEFAULT 0 CHECK (rung BETWEEN 0 AND 9),
    ADD COLUMN rung_who {TEXT};
"""
TABLES = f"""
CREATE TABLE lapor.calendar_version (
    tenant_id bigint NOT NULL, number integer NOT NULL CHECK (number BETWEEN 1 AND 1000000),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    content jsonb NOT NULL, changes jsonb NOT NULL DEFAULT '[]', made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, number)
);
CREATE TABLE lapor.shift (
    tenant_id bigint NOT NULL, id uuid NOT NULL, agency_id uuid,
    weekday integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens text NOT NULL CHECK (opens ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    closes text NOT NULL CHECK (closes ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
    on_holidays boolean NOT NULL DEFAULT false, {DATED},
    PRIMARY KEY (tenant_id, id), {VALID}, CHECK (closes > opens),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE TABLE lapor.ladder_rung (
    tenant_id bigint NOT NULL, id uuid NOT NULL, step text NOT NULL CHECK (step IN ({STEPS})),
    level integer NOT NULL CHECK (level BETWEEN 1 AND 9),
    who text NOT NULL CHECK (length(who) BETWEEN 1 AND 60),
    relation text NOT NULL CHECK (relation IN ('before', 'after')),
    amount integer NOT NULL CHECK (amount BETWEEN 0 AND 365), unit text NOT NULL CHECK (unit IN ({UNITS})),
    channel text NOT NULL DEFAULT 'desk' CHECK (channel ~ '^[a-z][a-z0-9_]{{1,30}}$'),
    address text NOT NULL DEFAULT '' CHECK (length(address) <= 254), {DATED},
    PRIMARY KEY (tenant_id, id), {VALID}
);
CREATE TABLE lapor.rung_sent (
    tenant_id bigint NOT NULL, deadline_id uuid NOT NULL, due_on date NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN 1 AND 9), who text NOT NULL,
    event_id uuid NOT NULL, sent_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, deadline_id, due_on, level, who),
    FOREIGN KEY (tenant_id, deadline_id) REFERENCES lapor.deadline (tenant_id, id)
);
CREATE TABLE lapor.recount (
    tenant_id bigint NOT NULL, id uuid NOT NULL, reason {TEXT}, asked_by {TEXT},
    calendar integer NOT NULL, rules bytea NOT NULL CHECK (length(rules) = 32),
    asked_at timestamptz NOT NULL, reached uuid,
    seen integer NOT NULL DEFAULT 0 CHECK (seen >= 0), moved integer NOT NULL DEFAULT 0 CHECK (moved >= 0),
    units jsonb NOT NULL DEFAULT '{{}}', done_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX recount_latest ON lapor.recount (tenant_id, asked_at DESC, id);
"""
GRANTS = {
    "calendar_version": "SELECT, INSERT",
    "shift": "SELECT, INSERT, UPDATE, DELETE",
    "ladder_rung": "SELECT, INSERT, UPDATE, DELETE",
    "rung_sent": "SELECT, INSERT",
    "recount": "SELECT, INSERT, UPDATE",
}
# What was a limit of one category becomes the class of that category.
CLASSED = """
UPDATE lapor.category c SET supervision = 'supervisory'
FROM lapor.time_limit l
WHERE l.tenant_id = c.tenant_id AND l.category_code = c.code AND l.step = 'resolve'
  AND l.authority = 'national' AND l.unit = 'wd' AND l.amount = 60
"""


def upgrade() -> None:
    op.execute(CLOCKS)
    op.execute(TABLES)
    for table, grants in GRANTS.items():
        enable_rls(op, f"lapor.{table}", grants)
    with_owner_seeing(("category", "time_limit"), CLASSED)


def with_owner_seeing(tables: tuple[str, ...], statement: str) -> None:
    """Run one statement over the rows of all tenants: for its time the owner is not held by the policies."""
    for table in tables:
        op.execute(f"ALTER TABLE lapor.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in tables:
        op.execute(f"ALTER TABLE lapor.{table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    for table in reversed(GRANTS):
        op.execute(f"DROP TABLE lapor.{table} CASCADE")
    op.execute("DROP INDEX lapor.deadline_open, lapor.deadline_due, lapor.deadline_unflagged")
    # What was counted in hours has no unit in the older schema.
    with_owner_seeing(
        ("deadline",),
        "UPDATE lapor.deadline SET unit = 'd', amount = greatest(1, amount / 8) WHERE unit = 'h'",
    )
    with_owner_seeing(("time_limit",), "DELETE FROM lapor.time_limit WHERE unit = 'h'")
    op.execute(
        "ALTER TABLE lapor.deadline DROP COLUMN agency_id, DROP COLUMN calendar, DROP COLUMN breached_at,"
        " DROP CONSTRAINT deadline_unit_check, ADD CONSTRAINT deadline_unit_check CHECK (unit IN ('wd', 'd'))"
    )
    op.execute(
        "ALTER TABLE lapor.time_limit DROP COLUMN supervision, DROP CONSTRAINT time_limit_unit_check,"
        " ADD CONSTRAINT time_limit_unit_check CHECK (unit IN ('wd', 'd'))"
    )
    op.execute("ALTER TABLE lapor.category DROP COLUMN supervision")
    op.execute("ALTER TABLE lapor.pause DROP COLUMN party")
    op.execute("ALTER TABLE lapor.complaint DROP COLUMN due_unit, DROP COLUMN rung, DROP COLUMN rung_who")
