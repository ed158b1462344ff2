"""What was delivered, by the message's key.

Revision ID: 0001_surel
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_surel"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE surel.delivery (
    tenant_id bigint NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    address text NOT NULL, address_hash text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('smtp', 'file', 'off')),
    state text NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'refused', 'unknown', 'skipped')),
    reason text NOT NULL DEFAULT '',
    attempts integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX delivery_updated ON surel.delivery (tenant_id, updated_at DESC, key);
CREATE INDEX delivery_address ON surel.delivery (tenant_id, address_hash);
"""


def upgrade() -> None:
    create_schema(op, "surel")
    op.execute(TABLES)
    enable_rls(op, "surel.delivery")


def downgrade() -> None:
    op.execute("DROP TABLE surel.delivery")
