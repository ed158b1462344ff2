"""Messages in and out, their receipts, and who wrote last when.

Revision ID: 0001_whatsapp
"""

from alembic import op

from superapp.sdk import create_schema, definer, enable_rls

revision = "0001_whatsapp"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE whatsapp.heard (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    mark text NOT NULL, sender_hash text NOT NULL,
    kind text NOT NULL, sealed text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'old', 'limited', 'failed')),
    tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 1000),
    sent_at timestamptz NOT NULL, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, mark)
);
CREATE INDEX heard_waiting ON whatsapp.heard (tenant_id, sender_hash, sent_at, id) WHERE state = 'waiting';
CREATE INDEX heard_age ON whatsapp.heard (tenant_id, created_at);
CREATE INDEX heard_sender ON whatsapp.heard (tenant_id, sender_hash);
CREATE TABLE whatsapp.outgoing (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 300), to_hash text NOT NULL,
    notice text NOT NULL DEFAULT '',
    form text NOT NULL DEFAULT '' CHECK (form IN ('', 'text', 'interactive', 'template')),
    sealed text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN (
        'waiting', 'sending', 'sent', 'unknown', 'failed', 'undeliverable', 'skipped', 'dropped')),
    reason text NOT NULL DEFAULT '', code integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 1000), mark text,
    due_at timestamptz NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
CREATE INDEX outgoing_waiting ON whatsapp.outgoing (tenant_id, to_hash, created_at, id)
    WHERE state IN ('waiting', 'sending');
CREATE INDEX outgoing_failed ON whatsapp.outgoing (tenant_id, updated_at DESC, id) WHERE state = 'failed';
CREATE INDEX outgoing_age ON whatsapp.outgoing (tenant_id, created_at);
CREATE INDEX outgoing_to ON whatsapp.outgoing (tenant_id, to_hash);
CREATE TABLE whatsapp.receipt (
    tenant_id bigint NOT NULL, mark text NOT NULL,
    state text NOT NULL CHECK (state IN ('sent', 'delivered', 'read', 'failed')),
    code integer NOT NULL DEFAULT 0, at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, mark)
);
CREATE INDEX receipt_age ON whatsapp.receipt (tenant_id, at);
CREATE TABLE whatsapp.peer (
    tenant_id bigint NOT NULL, address_hash text NOT NULL, last_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, address_hash)
);
CREATE INDEX peer_age ON whatsapp.peer (tenant_id, last_at);
CREATE TABLE whatsapp.number (
    tenant_id bigint NOT NULL, phone_number_id text NOT NULL, claimed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, phone_number_id)
);
"""

# Whether another government claimed this number before: it answers yes or no, never which one.
ELSEWHERE = """
CREATE FUNCTION whatsapp.elsewhere(asked text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH mine AS (
        SELECT claimed_at, tenant_id FROM whatsapp.number
        WHERE phone_number_id = asked
          AND tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint
    )
    SELECT EXISTS (
        SELECT 1 FROM whatsapp.number AS other, mine
        WHERE other.phone_number_id = asked AND other.tenant_id <> mine.tenant_id
          AND (other.claimed_at, other.tenant_id) < (mine.claimed_at, mine.tenant_id)
    )
$$
"""


def upgrade() -> None:
    create_schema(op, "whatsapp")
    op.execute(TABLES)
    for table in ("heard", "outgoing", "receipt", "peer", "number"):
        enable_rls(op, f"whatsapp.{table}")
    definer(op, "whatsapp", "whatsapp.elsewhere(text)", ELSEWHERE, reads=("whatsapp.number",))


def downgrade() -> None:
    op.execute("DROP FUNCTION whatsapp.elsewhere(text)")
    op.execute(
        "DROP TABLE whatsapp.number, whatsapp.heard, whatsapp.outgoing, whatsapp.receipt, whatsapp.peer"
    )
