"""Proof: fingerprints of pictures, documents, findings, redactions, audits, priority.

Revision ID: 0007_proof
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0007_proof"
down_revision = "0006_coach"
branch_labels = None
depends_on = None

TEXT = "text NOT NULL DEFAULT ''"
CASE = "FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id)"
PHOTO = "FOREIGN KEY (tenant_id, photo_id) REFERENCES lapor.photo (tenant_id, id) ON DELETE CASCADE"

CHANGED = f"""
ALTER TABLE lapor.category ADD COLUMN proof text NOT NULL DEFAULT 'none'
    CHECK (proof IN ('none', 'photo', 'document', 'photo_or_document'));
ALTER TABLE lapor.complaint
    ADD COLUMN priority boolean NOT NULL DEFAULT false,
    ADD COLUMN climbed boolean NOT NULL DEFAULT false,
    ADD COLUMN unsolved integer NOT NULL DEFAULT 0 CHECK (unsolved BETWEEN 0 AND 10000);
CREATE INDEX complaint_priority ON lapor.complaint (tenant_id, due_at, id)
    WHERE priority AND status NOT IN ('closed', 'archived');
ALTER TABLE lapor.photo
    ADD COLUMN original {TEXT},
    ADD COLUMN review text NOT NULL DEFAULT 'none'
        CHECK (review IN ('none', 'waiting', 'cleared', 'redacted')),
    ADD COLUMN distance_m integer CHECK (distance_m BETWEEN 0 AND 21000000);
"""

PROOF = f"""
CREATE TABLE lapor.fingerprint (
    tenant_id bigint NOT NULL, photo_id uuid NOT NULL, complaint_id uuid NOT NULL,
    phash bigint, dhash bigint,
    band_1 smallint, band_2 smallint, band_3 smallint, band_4 smallint,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, photo_id), {CASE}, {PHOTO},
    CHECK (num_nulls(phash, dhash, band_1, band_2, band_3, band_4) IN (0, 6))
);
CREATE INDEX fingerprint_case ON lapor.fingerprint (tenant_id, complaint_id);
CREATE TABLE lapor.document (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL, event_id uuid,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'rejected')),
    reason {TEXT}, size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32), file text NOT NULL,
    pages integer NOT NULL DEFAULT 0 CHECK (pages BETWEEN 0 AND 100000),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id), {CASE}
);
CREATE INDEX document_case ON lapor.document (tenant_id, complaint_id);
CREATE INDEX document_digest ON lapor.document (tenant_id, sha256);
CREATE INDEX document_waiting ON lapor.document (tenant_id, created_at) WHERE state = 'waiting';
CREATE TABLE lapor.finding (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    photo_id uuid, document_id uuid, other_id uuid,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    code text NOT NULL CHECK (code ~ '^[a-z_]{{2,40}}$'),
    weight text NOT NULL CHECK (weight IN ('note', 'doubt', 'serious')),
    evidence jsonb NOT NULL DEFAULT '{{}}',
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    actor_id uuid, actor_name {TEXT}, resolved_at timestamptz, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, complaint_id, key), {CASE}, {PHOTO},
    FOREIGN KEY (tenant_id, other_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES lapor.document (tenant_id, id) ON DELETE CASCADE,
    CHECK (num_nonnulls(photo_id, document_id) = 1),
    CHECK ((state = 'open') = (resolved_at IS NULL))
);
CREATE INDEX finding_open ON lapor.finding (tenant_id, created_at, id) WHERE state = 'open' AND weight <> 'note';
CREATE INDEX finding_serious ON lapor.finding (tenant_id, complaint_id)
    WHERE state = 'open' AND weight = 'serious';
CREATE TABLE lapor.redaction (
    tenant_id bigint NOT NULL, id uuid NOT NULL, photo_id uuid NOT NULL,
    areas jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'undone', 'replaced')),
    actor_id uuid, actor_name {TEXT}, reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    created_at timestamptz NOT NULL, ended_at timestamptz,
    PRIMARY KEY (tenant_id, id), {PHOTO}
);
CREATE INDEX redaction_photo ON lapor.redaction (tenant_id, photo_id);
CREATE INDEX redaction_waiting ON lapor.redaction (tenant_id, created_at) WHERE state = 'waiting';
CREATE TABLE lapor.audit (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL, event_id uuid NOT NULL,
    agency_id uuid,
    cause text NOT NULL CHECK (cause IN ('sample', 'finding')), closed_how text NOT NULL,
    rate integer NOT NULL CHECK (rate BETWEEN 0 AND 100),
    verdict text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'genuine', 'doubtful', 'false')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    actor_id uuid, actor_name {TEXT}, drawn_at timestamptz NOT NULL, judged_at timestamptz,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, event_id), {CASE},
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id),
    CHECK ((verdict = '') = (judged_at IS NULL))
);
CREATE INDEX audit_open ON lapor.audit (tenant_id, drawn_at, id) WHERE verdict = '';
CREATE INDEX audit_judged ON lapor.audit (tenant_id, judged_at DESC, id DESC) WHERE verdict <> '';
CREATE INDEX audit_case ON lapor.audit (tenant_id, complaint_id);
"""

TABLES = {
    "fingerprint": "SELECT, INSERT, UPDATE, DELETE",
    "document": "SELECT, INSERT, UPDATE",
    "finding": "SELECT, INSERT, UPDATE",
    "redaction": "SELECT, INSERT, UPDATE",
    "audit": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    op.execute(CHANGED)
    op.execute(PROOF)
    for band in range(1, 5):
        op.execute(
            f"CREATE INDEX fingerprint_band_{band} ON lapor.fingerprint (tenant_id, band_{band}) "
            f"WHERE band_{band} IS NOT NULL"
        )
    for table, grants in TABLES.items():
        enable_rls(op, f"lapor.{table}", grants)


def downgrade() -> None:
    for table in ("audit", "redaction", "finding", "document", "fingerprint"):
        op.execute(f"DROP TABLE lapor.{table}")
    op.execute("ALTER TABLE lapor.photo DROP COLUMN original, DROP COLUMN review, DROP COLUMN distance_m")
    op.execute("DROP INDEX lapor.complaint_priority")
    op.execute("ALTER TABLE lapor.complaint DROP COLUMN priority, DROP COLUMN climbed, DROP COLUMN unsolved")
    op.execute("ALTER TABLE lapor.category DROP COLUMN proof")
