"""Subscriptions and deliveries.

Revision ID: 0001_webhook
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_webhook"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhook.subscription (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    url text NOT NULL CHECK (length(url) BETWEEN 10 AND 1000),
    events text[] NOT NULL, secret text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    failures integer NOT NULL DEFAULT 0 CHECK (failures BETWEEN 0 AND 1000000),
    rests_until timestamptz, created_at timestamptz NOT NULL, ended_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE webhook.delivery (
    tenant_id bigint NOT NULL, id uuid NOT NULL, subscription_id uuid NOT NULL,
    type text NOT NULL, body jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'dead', 'dropped')),
    tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 1000),
    status integer NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 999),
    reason text NOT NULL DEFAULT '', created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL, tried_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES webhook.subscription (tenant_id, id)
);
CREATE INDEX delivery_log ON webhook.delivery (tenant_id, subscription_id, created_at DESC, id DESC);
CREATE INDEX delivery_waiting ON webhook.delivery (tenant_id, subscription_id, created_at, id)
    WHERE state = 'waiting';
CREATE INDEX delivery_old ON webhook.delivery (tenant_id, created_at);
"""


def upgrade() -> None:
    create_schema(op, "webhook")
    op.execute(TABLES)
    enable_rls(op, "webhook.subscription")
    enable_rls(op, "webhook.delivery")


def downgrade() -> None:
    op.execute("DROP TABLE webhook.delivery, webhook.subscription")
