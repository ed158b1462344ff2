"""Posts that became cases.

Revision ID: 0001_medsos
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_medsos"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE medsos.post (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    link_tag text NOT NULL CHECK (length(link_tag) = 32),
    handle_tag text NOT NULL DEFAULT '', reporter_tags text[] NOT NULL DEFAULT '{}',
    platform text NOT NULL CHECK (platform IN
        ('instagram', 'facebook', 'x', 'tiktok', 'youtube', 'threads', 'other')),
    link text NOT NULL, handle text NOT NULL DEFAULT '',
    number text NOT NULL CHECK (length(number) BETWEEN 3 AND 40),
    token text NOT NULL DEFAULT '', ticket text NOT NULL DEFAULT '',
    taken_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    claimed_at timestamptz, erased_at timestamptz,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, link_tag), UNIQUE (tenant_id, number)
);
CREATE INDEX post_taken ON medsos.post (tenant_id, taken_at DESC, id DESC);
CREATE INDEX post_handle ON medsos.post (tenant_id, handle_tag) WHERE handle_tag <> '';
CREATE INDEX post_kept ON medsos.post (tenant_id, taken_at) WHERE erased_at IS NULL;
"""


def upgrade() -> None:
    create_schema(op, "medsos")
    op.execute(TABLES)
    enable_rls(op, "medsos.post")


def downgrade() -> None:
    op.execute("DROP TABLE medsos.post")
