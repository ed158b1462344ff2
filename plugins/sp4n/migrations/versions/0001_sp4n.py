"""National categories and trials.

Revision ID: 0001_sp4n
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_sp4n"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE sp4n.category_map (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    category text NOT NULL CHECK (length(category) BETWEEN 1 AND 100),
    main text NOT NULL DEFAULT '' CHECK (length(main) <= 200),
    sub text NOT NULL DEFAULT '' CHECK (length(sub) <= 200),
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, category)
);
CREATE TABLE sp4n.trial (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    asked_at timestamptz NOT NULL, done_at timestamptz, ok boolean,
    said text NOT NULL DEFAULT '' CHECK (length(said) <= 1000),
    PRIMARY KEY (tenant_id, id)
);
"""


def upgrade() -> None:
    create_schema(op, "sp4n")
    op.execute(TABLES)
    enable_rls(op, "sp4n.category_map")
    enable_rls(op, "sp4n.trial")


def downgrade() -> None:
    op.execute("DROP TABLE sp4n.category_map, sp4n.trial")
