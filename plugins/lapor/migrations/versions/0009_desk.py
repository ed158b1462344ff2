"""How the desk works: templates, macros, checklists, links, mentions, drafts, presence, views, undo.

Revision ID: 0009_desk
"""

from alembic import op

from superapp.sdk import enable_rls

revision = "0009_desk"
down_revision = "0008_vault"
branch_labels = None
depends_on = None

STATES = (
    "'received', 'verified', 'dispositioned', 'returned', 'in_progress', 'on_hold', 'answered', "
    "'closed', 'archived', 'forwarded'"
)
FIELDS = "'answer', 'progress', 'ask', 'archive', 'dispose', 'note'"
CODE = "code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9._-]{0,59}$')"
TEXT = "text NOT NULL DEFAULT ''"
VALID = "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)"
DATED = f"valid_from date, valid_to date, document {TEXT}"
FITS = f"category_code text, status text CHECK (status IN ({STATES})), agency_id uuid"
SORT = "sort integer NOT NULL DEFAULT 100 CHECK (sort BETWEEN 0 AND 10000)"
OF_CATEGORY = "FOREIGN KEY (tenant_id, category_code) REFERENCES lapor.category (tenant_id, code)"
OF_AGENCY = "FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)"
OF_CASE = "FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id)"
KEY = "tenant_id bigint NOT NULL, id uuid NOT NULL"

# `unlogged`: who has a case open is worth nothing after a crash, and is written often.
TABLES = {
    "template": f"""
CREATE TABLE lapor.template (
    {KEY}, {CODE}, title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    field text NOT NULL CHECK (field IN ({FIELDS})), {FITS},
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000), {SORT}, {DATED},
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, code), {OF_CATEGORY}, {OF_AGENCY}, {VALID}
)""",
    "macro": f"""
CREATE TABLE lapor.macro (
    {KEY}, {CODE}, title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120), {FITS},
    take boolean NOT NULL DEFAULT false, verify boolean NOT NULL DEFAULT false, set_category text,
    dispose text NOT NULL DEFAULT 'no' CHECK (dispose IN ('no', 'suggested', 'unit')),
    to_agency_id uuid, instruction text NOT NULL DEFAULT '' CHECK (length(instruction) <= 2000),
    progress text NOT NULL DEFAULT '' CHECK (length(progress) <= 5000),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 5000),
    question text NOT NULL DEFAULT '' CHECK (length(question) <= 2000),
    hold_reason text NOT NULL DEFAULT '' CHECK (length(hold_reason) <= 2000),
    archive_reason text NOT NULL DEFAULT '' CHECK (length(archive_reason) <= 40),
    archive_rule text NOT NULL DEFAULT '' CHECK (length(archive_rule) <= 500),
    archive_remedy text NOT NULL DEFAULT '' CHECK (length(archive_remedy) <= 2000),
    {SORT}, {DATED},
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, code), {OF_CATEGORY}, {OF_AGENCY}, {VALID},
    FOREIGN KEY (tenant_id, set_category) REFERENCES lapor.category (tenant_id, code),
    FOREIGN KEY (tenant_id, to_agency_id) REFERENCES core.agency (tenant_id, id),
    CHECK ((dispose = 'unit') = (to_agency_id IS NOT NULL)),
    CHECK (archive_reason = '' OR (archive_rule <> '' AND archive_remedy <> ''))
)""",
    "check_item": f"""
CREATE TABLE lapor.check_item (
    {KEY}, {CODE}, category_code text, status text CHECK (status IN ({STATES})),
    item text NOT NULL CHECK (length(item) BETWEEN 1 AND 300),
    before_action text CHECK (before_action ~ '^[a-z_]{{2,30}}$'), {SORT}, {DATED},
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, code), {OF_CATEGORY}, {VALID}
)""",
    "check_tick": f"""
CREATE TABLE lapor.check_tick (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL, item_id uuid NOT NULL,
    officer_id uuid, actor_name {TEXT}, agency_id uuid, at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, complaint_id, item_id), {OF_CASE}, {OF_AGENCY},
    FOREIGN KEY (tenant_id, item_id) REFERENCES lapor.check_item (tenant_id, id)
)""",
    "link": f"""
CREATE TABLE lapor.link (
    {KEY}, complaint_id uuid NOT NULL, other_id uuid NOT NULL CHECK (other_id <> complaint_id),
    kind text NOT NULL CHECK (kind IN ('related', 'follows', 'caused_by')),
    actor_name {TEXT}, agency_id uuid, made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, complaint_id, other_id, kind), {OF_CASE}, {OF_AGENCY},
    FOREIGN KEY (tenant_id, other_id) REFERENCES lapor.complaint (tenant_id, id)
)""",
    "mention": f"""
CREATE TABLE lapor.mention (
    {KEY}, complaint_id uuid NOT NULL, event_id uuid NOT NULL, agency_id uuid, role {TEXT},
    opens boolean NOT NULL DEFAULT false, at timestamptz NOT NULL, read_at timestamptz,
    PRIMARY KEY (tenant_id, id), {OF_CASE}, {OF_AGENCY},
    CHECK ((agency_id IS NULL) <> (role = ''))
)""",
    "draft": f"""
CREATE TABLE lapor.draft (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL, owner_id uuid NOT NULL,
    field text NOT NULL CHECK (field ~ '^[a-z_]{{2,30}}-[a-z_]{{2,30}}$'),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 10000),
    version integer NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 1000000000),
    officer_id uuid NOT NULL, actor_name {TEXT}, agency_id uuid, updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, complaint_id, owner_id, field), {OF_CASE}, {OF_AGENCY}
)""",
    "saved_view": f"""
CREATE TABLE lapor.saved_view (
    {KEY}, title text NOT NULL CHECK (length(title) BETWEEN 1 AND 60), officer_id uuid NOT NULL,
    agency_id uuid, shared text NOT NULL DEFAULT 'own' CHECK (shared IN ('own', 'unit', 'desk')),
    query jsonb NOT NULL DEFAULT '{{}}', made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id), {OF_AGENCY}, CHECK (shared <> 'unit' OR agency_id IS NOT NULL)
)""",
    "first_view": """
CREATE TABLE lapor.first_view (
    tenant_id bigint NOT NULL, officer_id uuid NOT NULL, view_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, officer_id),
    FOREIGN KEY (tenant_id, view_id) REFERENCES lapor.saved_view (tenant_id, id) ON DELETE CASCADE
)""",
    "presence": f"""
CREATE UNLOGGED TABLE lapor.presence (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL, officer_id uuid NOT NULL,
    actor_name {TEXT}, agency_id uuid, seen_at timestamptz NOT NULL,
    editing text NOT NULL DEFAULT '' CHECK (editing ~ '^[a-z_]{{0,30}}$'), editing_at timestamptz,
    PRIMARY KEY (tenant_id, complaint_id, officer_id)
)""",
    "undo": f"""
CREATE TABLE lapor.undo (
    {KEY}, batch_id uuid NOT NULL, complaint_id uuid NOT NULL, officer_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('case', 'note', 'rows', 'fixed')),
    action text NOT NULL CHECK (action ~ '^[a-z_]{{2,30}}$'), event_id uuid,
    version integer NOT NULL CHECK (version BETWEEN 1 AND 1000000),
    changes jsonb NOT NULL DEFAULT '[]', figures jsonb NOT NULL DEFAULT '{{}}', reason {TEXT},
    told boolean NOT NULL DEFAULT false, made_at timestamptz NOT NULL, undone_at timestamptz,
    PRIMARY KEY (tenant_id, id), {OF_CASE}
)""",
}
INDICES = (
    "CREATE INDEX link_other ON lapor.link (tenant_id, other_id)",
    "CREATE INDEX mention_unit ON lapor.mention (tenant_id, agency_id, at DESC, id DESC) "
    "WHERE agency_id IS NOT NULL",
    "CREATE INDEX mention_role ON lapor.mention (tenant_id, role, at DESC, id DESC) WHERE role <> ''",
    "CREATE INDEX mention_case ON lapor.mention (tenant_id, complaint_id, agency_id)",
    "CREATE INDEX mention_event ON lapor.mention (tenant_id, event_id)",
    "CREATE INDEX draft_age ON lapor.draft (tenant_id, updated_at)",
    "CREATE INDEX saved_view_owner ON lapor.saved_view (tenant_id, officer_id)",
    "CREATE INDEX saved_view_shared ON lapor.saved_view (tenant_id, shared, agency_id)",
    "CREATE INDEX presence_age ON lapor.presence (tenant_id, seen_at)",
    "CREATE INDEX undo_case ON lapor.undo (tenant_id, complaint_id, made_at)",
    "CREATE INDEX undo_batch ON lapor.undo (tenant_id, batch_id)",
    "CREATE INDEX undo_event ON lapor.undo (tenant_id, event_id) WHERE event_id IS NOT NULL",
    "CREATE INDEX undo_age ON lapor.undo (tenant_id, made_at)",
)
# What a step added is taken away again when it is undone.
TAKEN_BACK = ("assignment", "deadline", "pause")


def upgrade() -> None:
    for table, create in TABLES.items():
        op.execute(create)
        enable_rls(op, f"lapor.{table}")
    for index in INDICES:
        op.execute(index)
    for table in TAKEN_BACK:
        op.execute(f"GRANT DELETE ON lapor.{table} TO superapp_app")


def downgrade() -> None:
    for table in TAKEN_BACK:
        op.execute(f"REVOKE DELETE ON lapor.{table} FROM superapp_app")
    for table in reversed(tuple(TABLES)):
        op.execute(f"DROP TABLE lapor.{table}")
