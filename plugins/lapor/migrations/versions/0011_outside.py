"""Other registers: destinations, the numbers of both sides, parcels, arrivals, differences.

Revision ID: 0011_outside
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0011_outside"
down_revision = "0010_windows"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE lapor.destination (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    plugin text NOT NULL CHECK (length(plugin) BETWEEN 1 AND 40),
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    mode text NOT NULL CHECK (mode IN ('auto', 'manual', 'paused')),
    takes text NOT NULL CHECK (takes IN ('forwarded', 'all', 'categories')),
    agency_code text NOT NULL DEFAULT '',
    categories text[] NOT NULL, steps text[] NOT NULL,
    identity boolean NOT NULL, repeatable boolean NOT NULL,
    facts jsonb NOT NULL, cursor jsonb NOT NULL,
    failures integer NOT NULL DEFAULT 0 CHECK (failures BETWEEN 0 AND 1000000),
    rests_until timestamptz, last_error text NOT NULL DEFAULT '', last_ok_at timestamptz,
    pulled_at timestamptz, compared_at timestamptz,
    created_at timestamptz NOT NULL, ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, plugin, key)
);
CREATE TABLE lapor.outside_ref (
    tenant_id bigint NOT NULL, destination_id uuid NOT NULL, complaint_id uuid NOT NULL,
    foreign_id text NOT NULL DEFAULT '' CHECK (length(foreign_id) <= 200),
    second_id text NOT NULL DEFAULT '' CHECK (length(second_id) <= 200),
    owner boolean NOT NULL DEFAULT false, came_from_there boolean NOT NULL DEFAULT false,
    made_at timestamptz NOT NULL, sent_at timestamptz, heard_at timestamptz, newest_at timestamptz,
    last_word text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, destination_id, complaint_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, destination_id) REFERENCES lapor.destination (tenant_id, id)
);
CREATE INDEX outside_ref_case ON lapor.outside_ref (tenant_id, complaint_id);
CREATE UNIQUE INDEX outside_ref_foreign ON lapor.outside_ref (tenant_id, destination_id, foreign_id)
    WHERE foreign_id <> '';
CREATE TABLE lapor.parcel (
    tenant_id bigint NOT NULL, destination_id uuid NOT NULL, event_id uuid NOT NULL,
    complaint_id uuid NOT NULL, step text NOT NULL, owner boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unsure', 'dead', 'dropped')),
    tries integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 1000000),
    cause_kind text NOT NULL DEFAULT '', cause text NOT NULL DEFAULT '' CHECK (length(cause) <= 2000),
    how text NOT NULL DEFAULT '' CHECK (how IN ('', 'auto', 'manual')),
    made_at timestamptz NOT NULL, due_at timestamptz NOT NULL, tried_at timestamptz,
    sending_until timestamptz, sent_at timestamptz,
    PRIMARY KEY (tenant_id, destination_id, event_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, destination_id) REFERENCES lapor.destination (tenant_id, id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES lapor.event (tenant_id, id)
);
CREATE INDEX parcel_due ON lapor.parcel (tenant_id, destination_id, due_at, event_id) WHERE state = 'waiting';
CREATE INDEX parcel_chain ON lapor.parcel (tenant_id, destination_id, complaint_id, event_id)
    WHERE state IN ('waiting', 'sending', 'unsure', 'dead');
CREATE INDEX parcel_open ON lapor.parcel (tenant_id, destination_id, state, event_id)
    WHERE state IN ('sending', 'unsure', 'dead');
CREATE INDEX parcel_case ON lapor.parcel (tenant_id, complaint_id, event_id);
CREATE INDEX parcel_log ON lapor.parcel (tenant_id, destination_id, sent_at DESC) WHERE state = 'sent';
CREATE TABLE lapor.arrival (
    tenant_id bigint NOT NULL, destination_id uuid NOT NULL,
    arrival_id text NOT NULL CHECK (length(arrival_id) BETWEEN 1 AND 300),
    complaint_id uuid, foreign_id text NOT NULL DEFAULT '', news text NOT NULL,
    word text NOT NULL DEFAULT '', text text NOT NULL DEFAULT '',
    at timestamptz NOT NULL, taken_at timestamptz NOT NULL,
    applied boolean NOT NULL, why text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, destination_id, arrival_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, destination_id) REFERENCES lapor.destination (tenant_id, id)
);
CREATE INDEX arrival_log ON lapor.arrival (tenant_id, destination_id, taken_at DESC);
CREATE INDEX arrival_case ON lapor.arrival (tenant_id, complaint_id) WHERE complaint_id IS NOT NULL;
CREATE TABLE lapor.difference (
    tenant_id bigint NOT NULL, destination_id uuid NOT NULL, complaint_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('unknown_there', 'state', 'no_number', 'waiting_long')),
    ours text NOT NULL DEFAULT '', theirs text NOT NULL DEFAULT '',
    since timestamptz NOT NULL, seen_at timestamptz NOT NULL, resolved_at timestamptz,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    PRIMARY KEY (tenant_id, destination_id, complaint_id, kind),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, destination_id) REFERENCES lapor.destination (tenant_id, id)
);
CREATE INDEX difference_open ON lapor.difference (tenant_id, destination_id, since) WHERE resolved_at IS NULL;
"""
NAMES = ("destination", "outside_ref", "parcel", "arrival", "difference")


LOOKS = """
ALTER TABLE lapor.vault_access DROP CONSTRAINT vault_access_what_check;
ALTER TABLE lapor.vault_access ADD CONSTRAINT vault_access_what_check
    CHECK (what IN ('open', 'search', 'ask', 'grant', 'refuse', 'copy', 'erase', 'send'));
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(LOOKS)
    for name in NAMES:
        enable_rls(op, f"lapor.{name}")


def downgrade() -> None:
    # The wider check stays: lines that say "send" may be there, and the log is never changed.
    op.execute("DROP TABLE " + ", ".join(f"lapor.{name}" for name in reversed(NAMES)))
