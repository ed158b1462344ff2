"""Proof: fingerprints of pictures, findings, redactions, audits.

Revision ID: 0007_proof
"""

revision = "0007_proof"
down_revision = "0006_coach"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
