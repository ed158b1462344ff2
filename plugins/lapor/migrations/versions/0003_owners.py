"""Each unit's own instruction, answer and clock; referrals; reorganisations and their reviewed batches.

Revision ID: 0003_owners
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0003_owners"
down_revision = "0002_clocks"
branch_labels = None
depends_on = None

TEXT = "text NOT NULL DEFAULT ''"
# A part's columns. `heard_at` is set for outside owners only: the last time that they were heard of.
PARTS = f"""
ALTER TABLE lapor.assignment
    ADD role text NOT NULL DEFAULT 'owner'
        CHECK (role IN ('owner', 'co_owner', 'referral', 'delegate')),
    ADD state text NOT NULL DEFAULT 'given'
        CHECK (state IN ('given', 'working', 'answered', 'informed', 'ended')),
    ADD outside boolean NOT NULL DEFAULT false,
    ADD version integer NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 1000000),
    ADD parent_id uuid, ADD from_agency_id uuid, ADD officer_id uuid, ADD answer_id uuid,
    ADD why {TEXT}, ADD document {TEXT},
    ADD ended_how text NOT NULL DEFAULT ''
        CHECK (ended_how IN ('', 'returned', 'replaced', 'moved', 'forwarded', 'closed')),
    ADD ended_why {TEXT},
    ADD external_id text NOT NULL DEFAULT '' CHECK (length(external_id) <= 100),
    ADD heard_at timestamptz, ADD reminded_at timestamptz;
ALTER TABLE lapor.complaint
    ADD open_returns integer NOT NULL DEFAULT 0 CHECK (open_returns BETWEEN 0 AND 1000);
"""
# The table's owner sees all rows only while its policy is not forced.
OLD_ROWS = """
ALTER TABLE lapor.assignment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE lapor.complaint NO FORCE ROW LEVEL SECURITY;
UPDATE lapor.assignment AS a SET
    role = CASE WHEN a.lead THEN 'owner' ELSE 'co_owner' END,
    state = CASE WHEN NOT a.active THEN 'ended' WHEN a.answered_at IS NOT NULL THEN 'answered'
        WHEN c.status = 'dispositioned' OR c.held_from = 'dispositioned' THEN 'given' ELSE 'working' END,
    ended_how = CASE WHEN a.active THEN '' WHEN c.closed_at = a.ended_at THEN 'closed' ELSE 'replaced' END
FROM lapor.complaint c WHERE c.tenant_id = a.tenant_id AND c.id = a.complaint_id;
INSERT INTO lapor.assignment
    (tenant_id, id, complaint_id, agency_id, role, state, outside, assigned_at, heard_at, external_id)
SELECT tenant_id, gen_random_uuid(), id, agency_id, 'owner', 'working', true, updated_at, updated_at,
    left(external_id, 100)
FROM lapor.complaint c
WHERE (status = 'forwarded' OR held_from = 'forwarded') AND agency_id IS NOT NULL;
ALTER TABLE lapor.assignment FORCE ROW LEVEL SECURITY;
ALTER TABLE lapor.complaint FORCE ROW LEVEL SECURITY;
"""
RULES = """
DROP INDEX lapor.assignment_shared;
ALTER TABLE lapor.assignment DROP COLUMN lead,
    ADD CHECK (active = (state <> 'ended')),
    ADD CHECK (role <> 'referral' OR state IN ('informed', 'ended')),
    ADD CHECK ((role = 'delegate') = (parent_id IS NOT NULL)),
    ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES lapor.assignment (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, from_agency_id) REFERENCES core.agency (tenant_id, id);
CREATE INDEX assignment_role ON lapor.assignment (tenant_id, agency_id, role, complaint_id) WHERE active;
CREATE INDEX assignment_officer ON lapor.assignment (tenant_id, officer_id, complaint_id)
    WHERE active AND officer_id IS NOT NULL;
CREATE INDEX assignment_silent ON lapor.assignment (tenant_id, heard_at, id) WHERE active AND outside;
CREATE INDEX complaint_returned ON lapor.complaint (tenant_id, due_at, id) WHERE open_returns > 0;
"""
TABLES = f"""
CREATE TABLE lapor.reorganisation (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    from_agency_id uuid NOT NULL, to_agency_id uuid NOT NULL, on_date date NOT NULL,
    category_code text, document text NOT NULL CHECK (document <> ''), evidence {TEXT},
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, from_agency_id) REFERENCES core.agency (tenant_id, id),
    FOREIGN KEY (tenant_id, to_agency_id) REFERENCES core.agency (tenant_id, id),
    FOREIGN KEY (tenant_id, category_code) REFERENCES lapor.category (tenant_id, code),
    CHECK (from_agency_id <> to_agency_id)
);
CREATE TABLE lapor.move_batch (
    tenant_id bigint NOT NULL, id uuid NOT NULL, agency_id uuid NOT NULL,
    document {TEXT}, made_by {TEXT}, created_at timestamptz NOT NULL,
    applied_at timestamptz, closed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE UNIQUE INDEX move_batch_open ON lapor.move_batch (tenant_id, agency_id) WHERE closed_at IS NULL;
CREATE TABLE lapor.move_item (
    tenant_id bigint NOT NULL, id uuid NOT NULL, batch_id uuid NOT NULL,
    assignment_id uuid NOT NULL, complaint_id uuid NOT NULL,
    to_agency_id uuid, why {TEXT},
    state text NOT NULL DEFAULT 'listed' CHECK (state IN ('listed', 'approved', 'done', 'skipped')),
    note {TEXT}, done_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, batch_id, assignment_id),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES lapor.move_batch (tenant_id, id),
    FOREIGN KEY (tenant_id, assignment_id) REFERENCES lapor.assignment (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, to_agency_id) REFERENCES core.agency (tenant_id, id),
    CHECK (state <> 'approved' OR to_agency_id IS NOT NULL)
);
CREATE INDEX move_item_batch ON lapor.move_item (tenant_id, batch_id, state, id);
"""


def upgrade() -> None:
    op.execute(PARTS)
    op.execute(OLD_ROWS)
    op.execute(RULES)
    op.execute(TABLES)
    enable_rls(op, "lapor.reorganisation", "SELECT, INSERT, UPDATE, DELETE")
    enable_rls(op, "lapor.move_batch", "SELECT, INSERT, UPDATE")
    enable_rls(op, "lapor.move_item", "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    op.execute("DROP TABLE lapor.move_item, lapor.move_batch, lapor.reorganisation")
    op.execute("DROP INDEX lapor.complaint_returned, lapor.assignment_role, lapor.assignment_officer")
    op.execute("DROP INDEX lapor.assignment_silent")
    op.execute("ALTER TABLE lapor.complaint DROP COLUMN open_returns")
    op.execute("ALTER TABLE lapor.assignment ADD lead boolean NOT NULL DEFAULT true")
    op.execute(
        "ALTER TABLE lapor.assignment DROP COLUMN role, DROP COLUMN state, DROP COLUMN outside, "
        "DROP COLUMN version, DROP COLUMN parent_id, DROP COLUMN from_agency_id, DROP COLUMN officer_id, "
        "DROP COLUMN answer_id, DROP COLUMN why, DROP COLUMN document, DROP COLUMN ended_how, "
        "DROP COLUMN ended_why, DROP COLUMN external_id, DROP COLUMN heard_at, DROP COLUMN reminded_at"
    )
    op.execute(
        "CREATE INDEX assignment_shared ON lapor.assignment (tenant_id, agency_id, complaint_id) "
        "WHERE active AND NOT lead"
    )
