"""Each unit's own instruction, answer and clock; referrals; reorganisations.

Revision ID: 0003_owners
"""

revision = "0003_owners"
down_revision = "0002_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
