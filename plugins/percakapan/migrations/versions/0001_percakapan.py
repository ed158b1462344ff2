"""Conversations, messages that were taken in, and where news go.

Revision ID: 0001_percakapan
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_percakapan"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE percakapan.talk (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL CHECK (length(channel) BETWEEN 1 AND 40),
    who text NOT NULL CHECK (length(who) = 32),
    address text NOT NULL,
    state text NOT NULL CHECK (state IN (
        'idle', 'what', 'kind', 'where', 'category', 'extra', 'whole', 'edit', 'number', 'about', 'rate',
        'why', 'again')),
    memo text NOT NULL DEFAULT '',
    expires_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, channel, who)
);
CREATE INDEX talk_expires ON percakapan.talk (tenant_id, expires_at);
CREATE TABLE percakapan.taken (
    tenant_id bigint NOT NULL,
    message text NOT NULL CHECK (length(message) = 32),
    said text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message)
);
CREATE INDEX taken_at ON percakapan.taken (tenant_id, at);
CREATE TABLE percakapan.follow (
    tenant_id bigint NOT NULL,
    complaint_id uuid NOT NULL,
    number text NOT NULL,
    channel text NOT NULL,
    who text NOT NULL DEFAULT '' CHECK (length(who) IN (0, 32)),
    address text NOT NULL,
    ticket text NOT NULL,
    created_at timestamptz NOT NULL, ends_at timestamptz,
    PRIMARY KEY (tenant_id, complaint_id),
    UNIQUE (tenant_id, number)
);
CREATE INDEX follow_ends ON percakapan.follow (tenant_id, ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX follow_who ON percakapan.follow (tenant_id, channel, who, created_at DESC);
"""


def upgrade() -> None:
    create_schema(op, "percakapan")
    op.execute(TABLES)
    for table in ("talk", "taken", "follow"):
        enable_rls(op, f"percakapan.{table}")


def downgrade() -> None:
    op.execute("DROP TABLE percakapan.follow, percakapan.taken, percakapan.talk")
