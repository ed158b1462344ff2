"""One stamp that rises whenever something about a tenant changes, so that processes may keep their copies.

Revision ID: 0003_revision
"""

from alembic import op

revision = "0003_revision"
down_revision = "0002_identity"
branch_labels = None
depends_on = None

REVISION = """
CREATE TABLE core.revision (
    name text PRIMARY KEY CHECK (name = 'tenants'),
    stamp bigint NOT NULL DEFAULT 1 CHECK (stamp > 0)
);
INSERT INTO core.revision (name) VALUES ('tenants');
GRANT SELECT ON core.revision TO superapp_app, superapp_ops;
GRANT UPDATE (stamp) ON core.revision TO superapp_app, superapp_ops;
"""


def upgrade() -> None:
    op.execute(REVISION)


def downgrade() -> None:
    op.execute("DROP TABLE core.revision")
