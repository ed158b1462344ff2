"""Articles and their words in each language.

Revision ID: 0001_berita
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_berita"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE berita.article (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
    agency_id uuid,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
    publish_at timestamptz, pinned_until date, announced_at timestamptz,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id),
    CHECK (status <> 'published' OR publish_at IS NOT NULL)
);
CREATE INDEX article_published ON berita.article (tenant_id, publish_at DESC, id DESC) WHERE status = 'published';
CREATE TABLE berita.words (
    tenant_id bigint NOT NULL, article_id uuid NOT NULL,
    language text NOT NULL CHECK (language IN ('id', 'en')),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 160),
    summary text NOT NULL CHECK (length(summary) <= 300),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 20000),
    PRIMARY KEY (tenant_id, article_id, language),
    FOREIGN KEY (tenant_id, article_id) REFERENCES berita.article (tenant_id, id)
);
"""


def upgrade() -> None:
    create_schema(op, "berita")
    op.execute(TABLES)
    enable_rls(op, "berita.article", "SELECT, INSERT, UPDATE")
    enable_rls(op, "berita.words", "SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    op.execute("DROP TABLE berita.words, berita.article")
