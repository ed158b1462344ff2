"""Questions that a kind of matter asks, their answers, edits and drafts.

Revision ID: 0006_coach
"""

revision = "0006_coach"
down_revision = "0005_incidents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
