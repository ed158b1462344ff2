"""Consent of both sides, and the way of cases.

Revision ID: 0001_antarpemda
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_antarpemda"
down_revision = None
branch_labels = None
depends_on = None

SLUG = "slug text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]{1,40}$')"
TABLES = f"""
CREATE TABLE antarpemda.terms (
    tenant_id bigint NOT NULL, {SLUG},
    send boolean NOT NULL DEFAULT true, receive boolean NOT NULL DEFAULT true,
    categories text[] NOT NULL DEFAULT '{{}}', identity boolean NOT NULL DEFAULT false,
    agency_code text, valid_from date, valid_to date,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    told text NOT NULL DEFAULT '', told_at timestamptz,
    PRIMARY KEY (tenant_id, slug),
    CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)
);
CREATE TABLE antarpemda.heard (
    tenant_id bigint NOT NULL, {SLUG}, title text NOT NULL,
    send boolean NOT NULL, receive boolean NOT NULL,
    categories text[] NOT NULL, identity boolean NOT NULL, active boolean NOT NULL,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500), heard_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, slug)
);
CREATE TABLE antarpemda.journey (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL, chain text[] NOT NULL,
    PRIMARY KEY (tenant_id, complaint_id)
);
"""


def upgrade() -> None:
    create_schema(op, "antarpemda")
    op.execute(TABLES)
    for table in ("terms", "heard", "journey"):
        enable_rls(op, f"antarpemda.{table}")


def downgrade() -> None:
    op.execute("DROP TABLE antarpemda.journey, antarpemda.heard, antarpemda.terms")
