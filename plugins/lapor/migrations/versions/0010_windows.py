"""Published cases by their last change, and public lines by their moment, for other systems that follow.

Revision ID: 0010_windows
"""

from alembic import op

revision = "0010_windows"
down_revision = "0009_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX complaint_changed ON lapor.complaint (tenant_id, updated_at, id) WHERE published"
    )
    op.execute("CREATE INDEX event_public ON lapor.event (tenant_id, at, id) WHERE public")


def downgrade() -> None:
    op.execute("DROP INDEX lapor.event_public, lapor.complaint_changed")
