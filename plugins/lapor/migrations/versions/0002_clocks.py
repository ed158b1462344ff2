"""Limits in hours and by class, calendar versions, shifts, ladders and their warnings.

Revision ID: 0002_clocks
"""

revision = "0002_clocks"
down_revision = "0001_lapor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
