"""Complaints, their timeline and clocks, reporters apart, reference rows, counters, search.

Revision ID: 0001_lapor
"""

from alembic import op

from superapp.sdk import create_schema, definer, enable_rls

revision = "0001_lapor"
down_revision = None
branch_labels = None
depends_on = None

STATES = (
    "'received', 'verified', 'dispositioned', 'returned', 'in_progress', 'on_hold', "
    "'answered', 'closed', 'archived', 'forwarded'"
)
KINDS = "'complaint', 'aspiration', 'information'"
STEPS = "'verify', 'follow_up', 'resolve', 'confirm'"
INDONESIA = "lat BETWEEN -11.5 AND 6.5 AND lng BETWEEN 94.5 AND 141.5"
VALID = "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)"
TEXT = "text NOT NULL DEFAULT ''"
DATED = f"valid_from date, valid_to date, document {TEXT}"

REFERENCE = f"""
CREATE TABLE lapor.category (
    tenant_id bigint NOT NULL, code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9]*([.][A-Z0-9]+)*$'),
    group_name text NOT NULL, name text NOT NULL, question {TEXT},
    examples text[] NOT NULL DEFAULT '{{}}',
    urgency text NOT NULL DEFAULT 'normal' CHECK (urgency IN ('low', 'normal', 'high', 'emergency')),
    advice {TEXT}, confidential boolean NOT NULL DEFAULT false,
    national_main {TEXT}, national_sub {TEXT},
    sort integer NOT NULL DEFAULT 100 CHECK (sort BETWEEN 0 AND 10000),
    {DATED}, PRIMARY KEY (tenant_id, code), {VALID}
);
CREATE TABLE lapor.routing_rule (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    category_code text, area_code text, kind text CHECK (kind IN ({KINDS})), agency_id uuid NOT NULL,
    priority integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 1000),
    reason {TEXT}, {DATED}, evidence {TEXT},
    PRIMARY KEY (tenant_id, id), {VALID},
    FOREIGN KEY (tenant_id, category_code) REFERENCES lapor.category (tenant_id, code),
    FOREIGN KEY (tenant_id, area_code) REFERENCES core.area (tenant_id, code),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE TABLE lapor.time_limit (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ({STEPS})),
    authority text NOT NULL CHECK (authority IN ('national', 'tenant')),
    kind text CHECK (kind IN ({KINDS})), category_code text,
    amount integer NOT NULL CHECK (amount BETWEEN 1 AND 365), unit text NOT NULL CHECK (unit IN ('wd', 'd')),
    {DATED}, evidence {TEXT},
    PRIMARY KEY (tenant_id, id), {VALID},
    FOREIGN KEY (tenant_id, category_code) REFERENCES lapor.category (tenant_id, code)
);
CREATE TABLE lapor.number (
    tenant_id bigint NOT NULL, year integer NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    last integer NOT NULL CHECK (last BETWEEN 1 AND 99999999),
    PRIMARY KEY (tenant_id, year)
) WITH (fillfactor = 50);
CREATE TABLE lapor.counter (
    tenant_id bigint NOT NULL, key text NOT NULL,
    shard integer NOT NULL CHECK (shard BETWEEN 0 AND 63),
    value bigint NOT NULL DEFAULT 0 CHECK (value BETWEEN -1000000000 AND 1000000000),
    PRIMARY KEY (tenant_id, key, shard)
) WITH (fillfactor = 50);
"""

COMPLAINT = f"""
CREATE TABLE lapor.complaint (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ({KINDS})),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
    category_code text, occurred_on date,
    lat double precision, lng double precision,
    address text NOT NULL DEFAULT '' CHECK (length(address) <= 500),
    area_code text,
    anonymous boolean NOT NULL DEFAULT false, secret boolean NOT NULL DEFAULT false,
    published boolean NOT NULL DEFAULT false,
    channel text NOT NULL CHECK (channel ~ '^[a-z][a-z0-9_]{{1,30}}$'),
    source_url {TEXT},
    status text NOT NULL CHECK (status IN ({STATES})),
    held_from text CHECK (held_from IN ({STATES})),
    agency_id uuid, suggested_id uuid, officer_id uuid, entered_by uuid,
    routing jsonb NOT NULL DEFAULT '{{}}',
    received_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    due_step text NOT NULL CHECK (due_step IN ({STEPS})),
    due_from timestamptz NOT NULL, due_at timestamptz NOT NULL, overdue boolean NOT NULL DEFAULT false,
    waiting_for text NOT NULL DEFAULT '' CHECK (waiting_for IN ('', 'reporter', 'institution')),
    question {TEXT}, hold_until date,
    bounces integer NOT NULL DEFAULT 0 CHECK (bounces BETWEEN 0 AND 1000),
    version integer NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 1000000),
    rating integer CHECK (rating BETWEEN 1 AND 5),
    closed_at timestamptz,
    closed_how text NOT NULL DEFAULT '' CHECK (closed_how IN ('', 'confirmed', 'automatic', 'archived', 'withdrawn')),
    external_id {TEXT},
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, category_code) REFERENCES lapor.category (tenant_id, code),
    FOREIGN KEY (tenant_id, area_code) REFERENCES core.area (tenant_id, code),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id),
    FOREIGN KEY (tenant_id, suggested_id) REFERENCES core.agency (tenant_id, id),
    CHECK ((lat IS NULL) = (lng IS NULL)), CHECK (lat IS NULL OR {INDONESIA}),
    CHECK (NOT (secret AND published)),
    CHECK ((status = 'on_hold') = (held_from IS NOT NULL))
) WITH (fillfactor = 85);
CREATE INDEX complaint_inbox ON lapor.complaint (tenant_id, status, due_at, id);
CREATE INDEX complaint_open ON lapor.complaint (tenant_id, due_at, id)
    WHERE status NOT IN ('closed', 'archived');
CREATE INDEX complaint_agency ON lapor.complaint (tenant_id, agency_id, due_at, id)
    WHERE status NOT IN ('closed', 'archived') AND agency_id IS NOT NULL;
CREATE INDEX complaint_overdue ON lapor.complaint (tenant_id, due_at, id) WHERE overdue;
CREATE INDEX complaint_officer ON lapor.complaint (tenant_id, officer_id, due_at, id)
    WHERE officer_id IS NOT NULL AND status NOT IN ('closed', 'archived');
CREATE INDEX complaint_public ON lapor.complaint (tenant_id, received_at DESC, id DESC) WHERE published;
CREATE INDEX complaint_received ON lapor.complaint (tenant_id, received_at DESC, id DESC);
CREATE INDEX complaint_closed ON lapor.complaint (tenant_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX complaint_words ON lapor.complaint
    USING gin (to_tsvector('simple'::regconfig, title || ' ' || body || ' ' || address));
CREATE TABLE lapor.reporter (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL,
    name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
    email text NOT NULL DEFAULT '' CHECK (length(email) <= 254),
    salt bytea NOT NULL CHECK (length(salt) >= 16),
    claim_until timestamptz, claimed_at timestamptz,
    PRIMARY KEY (tenant_id, complaint_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id)
);
CREATE INDEX reporter_email ON lapor.reporter (tenant_id, email) WHERE email <> '';
CREATE INDEX reporter_phone ON lapor.reporter (tenant_id, phone) WHERE phone <> '';
"""

CASE = f"""
CREATE TABLE lapor.event (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    type text NOT NULL CHECK (type ~ '^[a-z_]{{2,30}}$'),
    from_status text CHECK (from_status IN ({STATES})), to_status text CHECK (to_status IN ({STATES})),
    actor_kind text NOT NULL CHECK (actor_kind IN ('anonymous', 'officer', 'api', 'system', 'reporter')),
    actor_id uuid, actor_name {TEXT}, agency_id uuid,
    public boolean NOT NULL DEFAULT true,
    text text NOT NULL DEFAULT '' CHECK (length(text) <= 10000),
    data jsonb NOT NULL DEFAULT '{{}}', at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE INDEX event_case ON lapor.event (tenant_id, complaint_id, at, id);
CREATE TABLE lapor.assignment (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL, agency_id uuid NOT NULL,
    instruction {TEXT}, lead boolean NOT NULL DEFAULT true, active boolean NOT NULL DEFAULT true,
    assigned_at timestamptz NOT NULL, answered_at timestamptz, ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE INDEX assignment_case ON lapor.assignment (tenant_id, complaint_id);
CREATE UNIQUE INDEX assignment_active ON lapor.assignment (tenant_id, agency_id, complaint_id) WHERE active;
CREATE INDEX assignment_shared ON lapor.assignment (tenant_id, agency_id, complaint_id)
    WHERE active AND NOT lead;
CREATE TABLE lapor.deadline (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ({STEPS})),
    authority text NOT NULL CHECK (authority ~ '^[a-z][a-z0-9_]{{1,30}}$'),
    amount integer NOT NULL CHECK (amount BETWEEN 1 AND 365), unit text NOT NULL CHECK (unit IN ('wd', 'd')),
    started_at timestamptz NOT NULL, due_at timestamptz NOT NULL, due_on date NOT NULL,
    days jsonb NOT NULL DEFAULT '{{}}', document {TEXT}, done_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    CHECK (due_at > started_at)
);
CREATE INDEX deadline_case ON lapor.deadline (tenant_id, complaint_id);
CREATE TABLE lapor.pause (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    waiting_for text NOT NULL CHECK (waiting_for IN ('reporter', 'institution')), reason {TEXT},
    started_at timestamptz NOT NULL, ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    CHECK (ended_at IS NULL OR ended_at >= started_at)
);
CREATE UNIQUE INDEX pause_open ON lapor.pause (tenant_id, complaint_id) WHERE ended_at IS NULL;
CREATE INDEX pause_case ON lapor.pause (tenant_id, complaint_id);
CREATE TABLE lapor.photo (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL, event_id uuid,
    stage text NOT NULL CHECK (stage IN ('report', 'progress', 'answer')),
    public boolean NOT NULL DEFAULT true,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'rejected')),
    reason {TEXT}, mimetype text NOT NULL,
    size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760), sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    raw {TEXT}, "full" {TEXT}, thumb {TEXT},
    width integer NOT NULL DEFAULT 0 CHECK (width BETWEEN 0 AND 100000),
    height integer NOT NULL DEFAULT 0 CHECK (height BETWEEN 0 AND 100000),
    taken_at timestamptz, lat double precision, lng double precision, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    CHECK (lat IS NULL OR (lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180))
);
CREATE INDEX photo_case ON lapor.photo (tenant_id, complaint_id);
CREATE INDEX photo_digest ON lapor.photo (tenant_id, sha256);
CREATE INDEX photo_waiting ON lapor.photo (tenant_id, created_at) WHERE state = 'waiting';
CREATE TABLE lapor.idempotency (
    tenant_id bigint NOT NULL, key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    digest bytea NOT NULL, complaint_id uuid NOT NULL, response jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_age ON lapor.idempotency (tenant_id, created_at);
"""

# Words match by their beginning. The newest first, out of at most 2,000 hits, so that a word that
# stands in every report costs no more than a rare one.
SEARCH = r"""
CREATE FUNCTION lapor.search(query text, most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT hit.id FROM (
        SELECT c.id, c.received_at FROM lapor.complaint c
        WHERE c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
          AND to_tsvector('simple'::regconfig, c.title || ' ' || c.body || ' ' || c.address) @@ (
              SELECT to_tsquery('simple'::regconfig, string_agg('''' || word[1] || ''':*', ' & '))
              FROM regexp_matches(lower(left(query, 200)), '[[:alnum:]]+', 'g') AS word)
        LIMIT 2000
    ) AS hit ORDER BY hit.received_at DESC, hit.id DESC LIMIT least(greatest(most, 0), 500)
$$
"""

FULL = (
    "routing_rule",
    "time_limit",
    "category",
    "number",
    "counter",
    "complaint",
    "reporter",
    "assignment",
    "deadline",
    "pause",
    "photo",
    "idempotency",
)
KEPT = "SELECT, INSERT, UPDATE"
DELETABLE = {"routing_rule", "time_limit", "category", "photo", "idempotency", "counter"}


def upgrade() -> None:
    create_schema(op, "lapor")
    op.execute(REFERENCE)
    op.execute(COMPLAINT)
    op.execute(CASE)
    for table in FULL:
        enable_rls(op, f"lapor.{table}", f"{KEPT}, DELETE" if table in DELETABLE else KEPT)
    enable_rls(op, "lapor.event", "SELECT, INSERT")
    definer(op, "lapor", "lapor.search(text, integer)", SEARCH, reads=("lapor.complaint",))


def downgrade() -> None:
    op.execute("DROP FUNCTION lapor.search(text, integer)")
    for table in ("event", *reversed(FULL)):
        op.execute(f"DROP TABLE lapor.{table} CASCADE")
