"""Incidents that gather reports, and what likeness is found by.

Revision ID: 0005_incidents
"""

revision = "0005_incidents"
down_revision = "0004_routing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
