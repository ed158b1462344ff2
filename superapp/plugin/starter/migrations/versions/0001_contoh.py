"""Notes.

Revision ID: 0001_contoh
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_contoh"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_schema(op, "contoh")
    op.execute("""
        CREATE TABLE contoh.note (
            tenant_id bigint NOT NULL, id uuid NOT NULL,
            text text NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
    """)
    enable_rls(op, "contoh.note", "SELECT, INSERT")


def downgrade() -> None:
    op.execute("DROP TABLE contoh.note")
