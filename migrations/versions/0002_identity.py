"""Officers, roles, sign-ins, API keys, the audit trail, rate counters.

Revision ID: 0002_identity
"""

from alembic import op

from superapp.db.rls import enable_rls

revision = "0002_identity"
down_revision = "0001_core"
branch_labels = None
depends_on = None

PEOPLE = """
CREATE TABLE core.officer (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    login text NOT NULL CHECK (login = lower(login) AND length(login) BETWEEN 3 AND 80),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    agency_id uuid,
    password_hash text NOT NULL,
    must_change boolean NOT NULL DEFAULT true,
    totp_required boolean NOT NULL DEFAULT true,
    totp_secret text NOT NULL DEFAULT '',
    totp_step bigint NOT NULL DEFAULT 0,
    recovery text[] NOT NULL DEFAULT '{}',
    shortcuts boolean NOT NULL DEFAULT true,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, login),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE TABLE core.role (
    tenant_id bigint NOT NULL, code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,40}$'),
    title text NOT NULL,
    permissions text[] NOT NULL DEFAULT '{}', seeded text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, code)
);
CREATE TABLE core.assignment (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    officer_id uuid NOT NULL, role_code text NOT NULL, agency_id uuid, area_code text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, officer_id, role_code, agency_id, area_code),
    FOREIGN KEY (tenant_id, officer_id) REFERENCES core.officer (tenant_id, id),
    FOREIGN KEY (tenant_id, role_code) REFERENCES core.role (tenant_id, code),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id),
    FOREIGN KEY (tenant_id, area_code) REFERENCES core.area (tenant_id, code)
);
"""

SIGN_INS = """
CREATE TABLE core.login_session (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    officer_id uuid NOT NULL,
    verified boolean NOT NULL DEFAULT false,
    agent text NOT NULL DEFAULT '' CHECK (length(agent) <= 80),
    address_hash text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, officer_id) REFERENCES core.officer (tenant_id, id) ON DELETE CASCADE,
    CHECK (expires_at > created_at)
);
CREATE INDEX login_session_officer ON core.login_session (tenant_id, officer_id);
CREATE TABLE core.api_key (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    prefix text NOT NULL, key_hash bytea NOT NULL CHECK (length(key_hash) = 32),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    permissions text[] NOT NULL DEFAULT '{}',
    agency_id uuid, created_by uuid,
    created_at timestamptz NOT NULL, expires_at timestamptz, used_at timestamptz, revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, prefix),
    FOREIGN KEY (tenant_id, created_by) REFERENCES core.officer (tenant_id, id),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
"""

# Counters may be lost in a crash: unlogged, so that counting costs no write-ahead log.
TRAIL = """
CREATE TABLE core.audit (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('anonymous', 'officer', 'api', 'system')),
    actor_id uuid, actor_name text NOT NULL DEFAULT '',
    action text NOT NULL, object_type text NOT NULL DEFAULT '', object_id text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT '', facts jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNLOGGED TABLE core.rate (
    tenant_id bigint NOT NULL, bucket text NOT NULL, key text NOT NULL,
    started timestamptz NOT NULL, hits integer NOT NULL CHECK (hits > 0),
    PRIMARY KEY (tenant_id, bucket, key)
);
"""


def upgrade() -> None:
    op.execute(PEOPLE)
    op.execute(SIGN_INS)
    op.execute(TRAIL)
    for table in ("officer", "role", "assignment", "login_session", "api_key", "rate"):
        enable_rls(op, f"core.{table}")
    enable_rls(op, "core.audit", "SELECT, INSERT")


def downgrade() -> None:
    op.execute(
        "DROP TABLE core.rate, core.audit, core.api_key, core.login_session, core.assignment, core.role, core.officer"
    )
