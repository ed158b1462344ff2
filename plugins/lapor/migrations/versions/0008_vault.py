"""The vault of reporters' identities.

Revision ID: 0008_vault
"""

revision = "0008_vault"
down_revision = "0007_proof"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
