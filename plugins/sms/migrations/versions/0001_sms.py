"""Messages in and out, who wants none, and what was spent.

Revision ID: 0001_sms
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_sms"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE sms.heard (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    mark text NOT NULL, sender_hash text NOT NULL, sealed text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'old', 'limited', 'failed')),
    tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 1000),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, mark)
);
CREATE INDEX heard_waiting ON sms.heard (tenant_id, sender_hash, created_at, id) WHERE state = 'waiting';
CREATE INDEX heard_age ON sms.heard (tenant_id, created_at);
CREATE INDEX heard_sender ON sms.heard (tenant_id, sender_hash);
CREATE TABLE sms.outgoing (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 300), to_hash text NOT NULL,
    notice text NOT NULL DEFAULT '', essential boolean NOT NULL DEFAULT false,
    sealed text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'capped',
        'stopped', 'undeliverable', 'skipped', 'dropped')),
    reason text NOT NULL DEFAULT '',
    tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 1000),
    parts integer NOT NULL DEFAULT 0 CHECK (parts >= 0), cost integer NOT NULL DEFAULT 0 CHECK (cost >= 0),
    due_at timestamptz NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
CREATE INDEX outgoing_waiting ON sms.outgoing (tenant_id, to_hash, created_at, id)
    WHERE state IN ('waiting', 'sending');
CREATE INDEX outgoing_failed ON sms.outgoing (tenant_id, updated_at DESC, id) WHERE state = 'failed';
CREATE INDEX outgoing_age ON sms.outgoing (tenant_id, created_at);
CREATE INDEX outgoing_to ON sms.outgoing (tenant_id, to_hash);
CREATE TABLE sms.peer (
    tenant_id bigint NOT NULL, address_hash text NOT NULL, stopped_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, address_hash)
);
CREATE TABLE sms.meter (
    tenant_id bigint NOT NULL, period text NOT NULL, who text NOT NULL,
    spent integer NOT NULL DEFAULT 0 CHECK (spent >= 0),
    parts integer NOT NULL DEFAULT 0 CHECK (parts >= 0),
    messages integer NOT NULL DEFAULT 0 CHECK (messages >= 0),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, period, who)
);
CREATE INDEX meter_who ON sms.meter (tenant_id, who, updated_at);
"""


def upgrade() -> None:
    create_schema(op, "sms")
    op.execute(TABLES)
    for table in ("heard", "outgoing", "peer", "meter"):
        enable_rls(op, f"sms.{table}")


def downgrade() -> None:
    op.execute("DROP TABLE sms.heard, sms.outgoing, sms.peer, sms.meter")
