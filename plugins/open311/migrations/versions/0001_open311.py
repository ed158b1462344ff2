"""Tokens, updates taken once, and the changeset of the services.

Revision ID: 0001_open311
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_open311"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE open311.token (
    tenant_id bigint NOT NULL,
    digest text NOT NULL CHECK (length(digest) = 64),
    number text NOT NULL, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, digest)
);
CREATE TABLE open311.taken_update (
    tenant_id bigint NOT NULL, key_id uuid NOT NULL,
    update_id text NOT NULL CHECK (length(update_id) BETWEEN 1 AND 200),
    number text NOT NULL, word text NOT NULL CHECK (word ~ '^[a-z_]{2,40}$'),
    said_at timestamptz NOT NULL, applied boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key_id, update_id)
);
CREATE INDEX taken_update_number ON open311.taken_update (tenant_id, number, said_at);
CREATE TABLE open311.changeset (
    tenant_id bigint NOT NULL, name text NOT NULL CHECK (name = 'services'),
    digest text NOT NULL, changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
"""


def upgrade() -> None:
    create_schema(op, "open311")
    op.execute(TABLES)
    for table in ("token", "taken_update", "changeset"):
        enable_rls(op, f"open311.{table}")


def downgrade() -> None:
    op.execute("DROP TABLE open311.changeset, open311.taken_update, open311.token")
