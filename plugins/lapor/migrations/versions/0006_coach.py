"""Questions that a kind of matter asks, their answers, hints, reasons, what was asked, what was corrected.

Revision ID: 0006_coach
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0006_coach"
down_revision = "0005_incidents"
branch_labels = None
depends_on = None

KINDS = "'string', 'text', 'number', 'date', 'choice', 'several', 'file'"
WHEN = "'short', 'no_time', 'no_place', 'no_size', 'no_number', 'without', 'with', 'several'"
REMEDIES = "'', 'reopen', 'reply', 'again', 'elsewhere'"
TEXT = "text NOT NULL DEFAULT ''"
VALID = "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)"
DATED = f"valid_from date, valid_to date, document {TEXT}"
SORT = "sort integer NOT NULL DEFAULT 100 CHECK (sort BETWEEN 0 AND 10000)"
# '' is every category; LIGHT speaks for LIGHT.OUT too.
CATEGORY = "category text NOT NULL DEFAULT '' CHECK (category ~ '^([A-Z][A-Z0-9]*([.][A-Z0-9]+)*)?$')"
CODE = "code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$')"
CASE_KEY = "FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id)"

TABLES = {
    "question": f"""
CREATE TABLE lapor.question (
    tenant_id bigint NOT NULL, id uuid NOT NULL, {CATEGORY}, {CODE},
    kind text NOT NULL CHECK (kind IN ({KINDS})),
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    help text NOT NULL DEFAULT '' CHECK (length(help) <= 500),
    options text[] NOT NULL DEFAULT '{{}}',
    required boolean NOT NULL DEFAULT false, public boolean NOT NULL DEFAULT false, {SORT},
    low double precision CHECK (low BETWEEN -1e12 AND 1e12),
    high double precision CHECK (high BETWEEN -1e12 AND 1e12),
    unit text NOT NULL DEFAULT '' CHECK (length(unit) <= 30),
    version integer NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 1000000), {DATED},
    PRIMARY KEY (tenant_id, id), {VALID},
    UNIQUE NULLS NOT DISTINCT (tenant_id, category, code, valid_from),
    CHECK (low IS NULL OR high IS NULL OR low <= high),
    CHECK ((kind IN ('choice', 'several')) = (cardinality(options) > 0)), CHECK (cardinality(options) <= 50)
)""",
    "hint": f"""
CREATE TABLE lapor.hint (
    tenant_id bigint NOT NULL, id uuid NOT NULL, {CATEGORY}, {CODE},
    "when" text NOT NULL CHECK ("when" IN ({WHEN})),
    words text[] NOT NULL DEFAULT '{{}}', amount integer CHECK (amount BETWEEN 0 AND 1000),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 300),
    question text NOT NULL DEFAULT '' CHECK (length(question) <= 500), {SORT}, {DATED},
    PRIMARY KEY (tenant_id, id), {VALID},
    UNIQUE NULLS NOT DISTINCT (tenant_id, category, code, valid_from)
)""",
    "reason": f"""
CREATE TABLE lapor.reason (
    tenant_id bigint NOT NULL, id uuid NOT NULL, {CODE},
    kind text NOT NULL CHECK (kind IN ('archive', 'return', 'hold')),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    rule text NOT NULL CHECK (length(rule) BETWEEN 1 AND 500),
    remedy text NOT NULL CHECK (length(remedy) BETWEEN 1 AND 2000),
    step text NOT NULL DEFAULT '' CHECK (step IN ({REMEDIES})),
    link text NOT NULL DEFAULT '' CHECK (length(link) <= 500), {SORT}, {DATED},
    PRIMARY KEY (tenant_id, id), {VALID},
    UNIQUE NULLS NOT DISTINCT (tenant_id, kind, code, valid_from)
)""",
    # `asked` is the question as it stood when it was answered; a newer answer ends the one before.
    "answer": f"""
CREATE TABLE lapor.answer (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    question_id uuid NOT NULL, {CODE}, version integer NOT NULL CHECK (version BETWEEN 1 AND 1000000),
    asked jsonb NOT NULL, value text[] NOT NULL CHECK (cardinality(value) BETWEEN 1 AND 50),
    public boolean NOT NULL DEFAULT false, "current" boolean NOT NULL DEFAULT true,
    answered_by text NOT NULL CHECK (answered_by IN ('reporter', 'officer', 'api')),
    answered_at timestamptz NOT NULL, event_id uuid,
    PRIMARY KEY (tenant_id, id), {CASE_KEY},
    FOREIGN KEY (tenant_id, question_id) REFERENCES lapor.question (tenant_id, id)
)""",
    # One row for each time the desk waits for the reporter.
    "asked": f"""
CREATE TABLE lapor.asked (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    codes text[] NOT NULL DEFAULT '{{}}', text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    asked_at timestamptz NOT NULL, due_on date NOT NULL,
    reminded_at timestamptz, ended_at timestamptz,
    outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'answered', 'resumed', 'archived', 'withdrawn')),
    PRIMARY KEY (tenant_id, id), {CASE_KEY},
    CHECK ((ended_at IS NULL) = (outcome = '')), CHECK (ended_at IS NULL OR ended_at >= asked_at)
)""",
    # What stood there before the reporter corrected it.
    "revision": f"""
CREATE TABLE lapor.revision (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL, event_id uuid NOT NULL,
    number integer NOT NULL CHECK (number BETWEEN 1 AND 1000),
    title text NOT NULL, body text NOT NULL, category_code text, address {TEXT}, area_code text,
    lat double precision CHECK (lat BETWEEN -90 AND 90), lng double precision CHECK (lng BETWEEN -180 AND 180),
    answers jsonb NOT NULL DEFAULT '[]', at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, complaint_id, number), {CASE_KEY}
)""",
}
INDEXES = """
CREATE INDEX answer_case ON lapor.answer (tenant_id, complaint_id);
CREATE UNIQUE INDEX answer_current ON lapor.answer (tenant_id, complaint_id, code) WHERE "current";
CREATE INDEX answer_question ON lapor.answer (tenant_id, question_id);
CREATE UNIQUE INDEX asked_open ON lapor.asked (tenant_id, complaint_id) WHERE ended_at IS NULL;
CREATE INDEX asked_case ON lapor.asked (tenant_id, complaint_id, asked_at);
CREATE INDEX asked_due ON lapor.asked (tenant_id, due_on, id) WHERE ended_at IS NULL;
CREATE INDEX asked_unreminded ON lapor.asked (tenant_id, asked_at, id)
    WHERE ended_at IS NULL AND reminded_at IS NULL;
"""
# Cases that already wait for their reporter: as if asked when their clock was stopped.
WAITING = """
INSERT INTO lapor.asked (tenant_id, id, complaint_id, text, asked_at, due_on)
SELECT c.tenant_id, gen_random_uuid(), c.id, left(c.question, 2000), p.started_at,
    greatest((p.started_at + interval '10 days')::date, (now() + interval '3 days')::date)
FROM lapor.complaint c JOIN lapor.pause p
    ON p.tenant_id = c.tenant_id AND p.complaint_id = c.id AND p.ended_at IS NULL
WHERE c.status = 'on_hold' AND c.waiting_for = 'reporter' AND c.question <> ''
"""
KEPT = "SELECT, INSERT, UPDATE"


def upgrade() -> None:
    for create in TABLES.values():
        op.execute(create)
    op.execute(INDEXES)
    # The owner is held by the policies, too, and would see no row of any government.
    for table in ("complaint", "pause"):
        op.execute(f"ALTER TABLE lapor.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(WAITING)
    for table in ("complaint", "pause"):
        op.execute(f"ALTER TABLE lapor.{table} FORCE ROW LEVEL SECURITY")
    for table in ("question", "hint", "reason"):
        enable_rls(op, f"lapor.{table}", f"{KEPT}, DELETE")
    enable_rls(op, "lapor.answer", KEPT)
    # A question that is taken back within its minute was never asked.
    enable_rls(op, "lapor.asked", f"{KEPT}, DELETE")
    enable_rls(op, "lapor.revision", "SELECT, INSERT")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE lapor.{table}")
