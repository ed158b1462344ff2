"""Learned routing: decisions, models, reports.

Revision ID: 0004_routing
"""

revision = "0004_routing"
down_revision = "0003_owners"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
