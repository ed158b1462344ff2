"""Incidents that gather reports, and what likeness is found by.

Revision ID: 0005_incidents
"""

from alembic import op

from superapp.sdk import enable_rls, grant_app

revision = "0005_incidents"
down_revision = "0004_routing"
branch_labels = None
depends_on = None

TEXT = "text NOT NULL DEFAULT ''"

# Numbers of 64 bits instead of texts and arrays: under Row Level Security only leakproof operators
# reach an index, and equality of bigint is one. `live` is true while the case is open; the rows that
# look for neighbours are few then, however many cases there ever were.
LIKENESS = """
CREATE TABLE lapor.likeness (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL,
    cell bigint, street bigint, digest bigint, band_a bigint, band_b bigint,
    category_code text, lat double precision, lng double precision,
    words text NOT NULL CHECK (length(words) <= 600),
    spot text NOT NULL DEFAULT '' CHECK (length(spot) <= 200),
    live boolean NOT NULL DEFAULT true, received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, complaint_id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    CHECK ((lat IS NULL) = (lng IS NULL)), CHECK ((lat IS NULL) = (cell IS NULL)),
    CHECK (lat IS NULL OR (lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180))
);
CREATE INDEX likeness_cell ON lapor.likeness (tenant_id, cell, received_at DESC)
    WHERE live AND cell IS NOT NULL;
CREATE INDEX likeness_street ON lapor.likeness (tenant_id, street, received_at DESC)
    WHERE live AND street IS NOT NULL;
CREATE INDEX likeness_digest ON lapor.likeness (tenant_id, digest, received_at DESC)
    WHERE digest IS NOT NULL;
CREATE INDEX likeness_band_a ON lapor.likeness (tenant_id, band_a, received_at DESC)
    WHERE band_a IS NOT NULL;
CREATE INDEX likeness_band_b ON lapor.likeness (tenant_id, band_b, received_at DESC)
    WHERE band_b IS NOT NULL;
CREATE INDEX likeness_received ON lapor.likeness (tenant_id, received_at DESC);
"""

# A case carries its incident itself, so that it is in one at most and a step costs no further query.
INCIDENT = f"""
CREATE TABLE lapor.incident (
    tenant_id bigint NOT NULL, id uuid NOT NULL, lead_id uuid NOT NULL,
    secret boolean NOT NULL DEFAULT false,
    led_id uuid NOT NULL, opened_at timestamptz NOT NULL, changed_at timestamptz NOT NULL,
    ended_at timestamptz, dissolved_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lead_id) REFERENCES lapor.complaint (tenant_id, id)
);
CREATE INDEX incident_changed ON lapor.incident (tenant_id, changed_at DESC, id DESC)
    WHERE ended_at IS NULL AND dissolved_at IS NULL;
CREATE INDEX incident_ended ON lapor.incident (tenant_id, changed_at DESC, id DESC)
    WHERE ended_at IS NOT NULL AND dissolved_at IS NULL;
ALTER TABLE lapor.complaint ADD COLUMN incident_id uuid, ADD COLUMN joined_id uuid,
    ADD FOREIGN KEY (tenant_id, incident_id) REFERENCES lapor.incident (tenant_id, id),
    ADD CHECK ((incident_id IS NULL) = (joined_id IS NULL));
CREATE INDEX complaint_incident ON lapor.complaint (tenant_id, incident_id) WHERE incident_id IS NOT NULL;
CREATE TABLE lapor.incident_deed (
    tenant_id bigint NOT NULL, id uuid NOT NULL, incident_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('gather', 'join', 'split', 'leave', 'merge', 'lead')),
    actor_kind text NOT NULL CHECK (actor_kind IN ('anonymous', 'officer', 'api', 'system', 'reporter')),
    actor_id uuid, actor_name {TEXT},
    numbers text[] NOT NULL DEFAULT '{{}}', reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    before jsonb NOT NULL, after jsonb NOT NULL,
    at timestamptz NOT NULL, undone_at timestamptz, undone_by uuid, undone_name {TEXT},
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, incident_id) REFERENCES lapor.incident (tenant_id, id)
);
CREATE INDEX incident_deed_of ON lapor.incident_deed (tenant_id, incident_id, at DESC, id DESC);
CREATE TABLE lapor.twin (
    tenant_id bigint NOT NULL, one_id uuid NOT NULL, other_id uuid NOT NULL,
    likeness integer NOT NULL CHECK (likeness BETWEEN 0 AND 100),
    found_at timestamptz NOT NULL, settled_at timestamptz,
    how text NOT NULL DEFAULT '' CHECK (how IN ('', 'gathered', 'apart', 'same_unit')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    settled_by uuid, settled_name {TEXT},
    PRIMARY KEY (tenant_id, one_id, other_id), CHECK (one_id < other_id),
    FOREIGN KEY (tenant_id, one_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, other_id) REFERENCES lapor.complaint (tenant_id, id),
    CHECK ((settled_at IS NULL) = (how = ''))
);
CREATE INDEX twin_open ON lapor.twin (tenant_id, found_at DESC) WHERE settled_at IS NULL;
"""

# Undoing puts back what stood there before, so it has to be able to take away what came since.
TAKEN_AWAY = ("assignment", "deadline", "pause")


def upgrade() -> None:
    op.execute(LIKENESS)
    op.execute(INCIDENT)
    enable_rls(op, "lapor.likeness")
    for table in ("incident", "incident_deed", "twin"):
        enable_rls(op, f"lapor.{table}", "SELECT, INSERT, UPDATE")
    for table in TAKEN_AWAY:
        grant_app(op, f"lapor.{table}", "DELETE")


def downgrade() -> None:
    for table in TAKEN_AWAY:
        op.execute(f"REVOKE DELETE ON lapor.{table} FROM superapp_app")
    op.execute("DROP TABLE lapor.twin")
    op.execute("DROP TABLE lapor.incident_deed")
    op.execute("ALTER TABLE lapor.complaint DROP COLUMN incident_id CASCADE, DROP COLUMN joined_id CASCADE")
    op.execute("DROP TABLE lapor.incident")
    op.execute("DROP TABLE lapor.likeness")
