"""Updates, messages and the bot.

Revision ID: 0001_telegram
"""

from alembic import op

from superapp.sdk import create_schema, enable_rls

revision = "0001_telegram"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE telegram.update (
    tenant_id bigint NOT NULL,
    update_id bigint NOT NULL CHECK (update_id >= 0),
    chat text NOT NULL CHECK (length(chat) IN (0, 32)),
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'dropped', 'parked')),
    tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    reason text NOT NULL DEFAULT '',
    received_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, update_id)
);
CREATE INDEX update_waiting ON telegram.update (tenant_id, state, chat, update_id);
CREATE TABLE telegram.message (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    chat text NOT NULL CHECK (length(chat) = 32),
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'dead')),
    tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
CREATE INDEX message_waiting ON telegram.message (tenant_id, state, chat, created_at, id);
CREATE TABLE telegram.bot (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    username text NOT NULL DEFAULT '',
    url text NOT NULL DEFAULT '',
    pending integer NOT NULL DEFAULT 0,
    state text NOT NULL CHECK (state IN ('ok', 'bad', 'asked')),
    note text NOT NULL DEFAULT '',
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id)
);
"""


def upgrade() -> None:
    create_schema(op, "telegram")
    op.execute(TABLES)
    for table in ("update", "message", "bot"):
        enable_rls(op, f"telegram.{table}")


def downgrade() -> None:
    op.execute("DROP TABLE telegram.bot, telegram.message, telegram.update")
