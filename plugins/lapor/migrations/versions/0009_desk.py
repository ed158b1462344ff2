"""How the desk works: templates, views, drafts, presence, undo.

Revision ID: 0009_desk
"""

revision = "0009_desk"
down_revision = "0008_vault"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
