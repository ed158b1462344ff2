"""A former secret that still signs for some hours.

Revision ID: 0002_overlap
"""

from alembic import op

revision = "0002_overlap"
down_revision = "0001_webhook"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE webhook.subscription ADD COLUMN old_secret text NOT NULL DEFAULT '', "
        "ADD COLUMN old_until timestamptz, "
        "ADD CONSTRAINT old_secret_ends CHECK ((old_secret = '') = (old_until IS NULL))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE webhook.subscription DROP COLUMN old_secret, DROP COLUMN old_until")
