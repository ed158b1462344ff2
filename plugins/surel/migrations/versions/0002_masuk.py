"""Mail that comes in: what became of each, the threads it belongs to, and addresses that bounce.

Revision ID: 0002_masuk
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0002_masuk"
down_revision = "0001_surel"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE surel.incoming (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    mail_tag text NOT NULL CHECK (length(mail_tag) = 32),
    source text NOT NULL CHECK (source IN ('imap', 'pipe', 'file')),
    state text NOT NULL CHECK (state IN
        ('report', 'draft', 'reply', 'status', 'silent', 'review', 'discarded')),
    cause text NOT NULL DEFAULT '' CHECK (length(cause) <= 40),
    sender text NOT NULL DEFAULT '', sender_tag text NOT NULL DEFAULT '',
    message_id text NOT NULL DEFAULT '',
    dropped text NOT NULL DEFAULT '' CHECK (length(dropped) <= 500),
    number text NOT NULL DEFAULT '', kept text NOT NULL DEFAULT '',
    size integer NOT NULL CHECK (size BETWEEN 0 AND 100000000),
    at timestamptz NOT NULL, answered_at timestamptz, done_at timestamptz,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, mail_tag)
);
CREATE INDEX incoming_at ON surel.incoming (tenant_id, at DESC, id DESC);
CREATE INDEX incoming_state ON surel.incoming (tenant_id, state, at DESC, id DESC);
CREATE INDEX incoming_sender ON surel.incoming (tenant_id, sender_tag, at DESC);
CREATE TABLE surel.thread (
    tenant_id bigint NOT NULL, tag bytea NOT NULL CHECK (length(tag) = 32),
    kind text NOT NULL CHECK (kind IN ('case', 'draft')),
    of_id uuid NOT NULL, ticket text NOT NULL DEFAULT '', created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, tag)
);
CREATE INDEX thread_of ON surel.thread (tenant_id, of_id);
CREATE TABLE surel.mailbox (
    tenant_id bigint NOT NULL, folder text NOT NULL CHECK (length(folder) BETWEEN 1 AND 400),
    validity bigint NOT NULL CHECK (validity BETWEEN 0 AND 4294967295),
    last_uid bigint NOT NULL CHECK (last_uid BETWEEN 0 AND 4294967295),
    looked_at timestamptz NOT NULL, trouble text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, folder)
);
CREATE TABLE surel.undeliverable (
    tenant_id bigint NOT NULL, address_hash text NOT NULL CHECK (length(address_hash) = 32),
    reason text NOT NULL DEFAULT '', until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, address_hash)
);
"""
MADE = ("incoming", "thread", "mailbox", "undeliverable")


def upgrade() -> None:
    op.execute(TABLES)
    for table in MADE:
        enable_rls(op, f"surel.{table}")


def downgrade() -> None:
    for table in MADE:
        op.execute(f"DROP TABLE surel.{table}")
