"""Servers of others that we send to, what we told them, and which line an update became.

Revision ID: 0002_client
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0002_client"
down_revision = "0001_open311"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE open311.taken_update ADD COLUMN line_id uuid;
CREATE INDEX taken_update_line ON open311.taken_update (tenant_id, line_id) WHERE line_id IS NOT NULL;
CREATE TABLE open311.server (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    endpoint text NOT NULL CHECK (length(endpoint) BETWEEN 10 AND 500),
    jurisdiction text NOT NULL DEFAULT '' CHECK (length(jurisdiction) <= 100),
    api_key text NOT NULL DEFAULT '',
    spelling text NOT NULL DEFAULT 'json' CHECK (spelling IN ('json', 'xml')),
    updates boolean NOT NULL DEFAULT false, identity boolean NOT NULL DEFAULT false,
    copies boolean NOT NULL DEFAULT false, agency_code text NOT NULL DEFAULT '',
    mapping jsonb NOT NULL DEFAULT '{}', fixed jsonb NOT NULL DEFAULT '{}',
    services jsonb NOT NULL DEFAULT '[]', definitions jsonb NOT NULL DEFAULT '{}',
    destination_id uuid NOT NULL,
    fetched_at timestamptz, fetch_error text NOT NULL DEFAULT '' CHECK (length(fetch_error) <= 500),
    created_at timestamptz NOT NULL, ended_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE open311.told (
    tenant_id bigint NOT NULL, server_id uuid NOT NULL,
    update_id text NOT NULL CHECK (length(update_id) BETWEEN 1 AND 200),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, server_id, update_id),
    FOREIGN KEY (tenant_id, server_id) REFERENCES open311.server (tenant_id, id)
);
CREATE INDEX told_old ON open311.told (tenant_id, made_at);
CREATE INDEX token_old ON open311.token (tenant_id, created_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("server", "told"):
        enable_rls(op, f"open311.{table}")


def downgrade() -> None:
    op.execute(
        "DROP TABLE open311.told, open311.server; DROP INDEX open311.token_old;"
        "ALTER TABLE open311.taken_update DROP COLUMN line_id"
    )
