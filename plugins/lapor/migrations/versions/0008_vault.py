"""The vault of reporters' identities, and the path of whistle-blowers.

Names and numbers that stood in lapor.reporter are locked away and their columns dropped. This needs
the host's secret, and only then when there are any.

Revision ID: 0008_vault
"""

import os
from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from plugins.lapor.service.vault import crypt
from superapp.sdk import enable_rls, new_id, wrap_key

revision = "0008_vault"
down_revision = "0007_proof"
branch_labels = None
depends_on = None

TEXT = "text NOT NULL DEFAULT ''"
LOCKED = "bytea NOT NULL DEFAULT ''"
TAG = "bytea CHECK (length({0}) = 16)"
TABLES = f"""
CREATE TABLE lapor.vault_key (
    tenant_id bigint NOT NULL,
    use text NOT NULL CHECK (use IN ('wrap', 'index')),
    version integer NOT NULL CHECK (version BETWEEN 1 AND 1000000),
    wrapped bytea CHECK (length(wrapped) = 68), created_at timestamptz NOT NULL, retired_at timestamptz,
    PRIMARY KEY (tenant_id, use, version), CHECK ((wrapped IS NULL) = (retired_at IS NOT NULL))
);
CREATE TABLE lapor.vault_person (
    tenant_id bigint NOT NULL, id uuid NOT NULL,
    key_use text NOT NULL DEFAULT 'wrap' CHECK (key_use = 'wrap'), key_version integer NOT NULL,
    wrapped bytea CHECK (length(wrapped) = 60), link {TAG.format("link")},
    created_at timestamptz NOT NULL, erased_at timestamptz,
    PRIMARY KEY (tenant_id, id), CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, key_use, key_version) REFERENCES lapor.vault_key (tenant_id, use, version)
);
CREATE INDEX vault_person_link ON lapor.vault_person (tenant_id, link, id)
    WHERE link IS NOT NULL AND wrapped IS NOT NULL;
CREATE INDEX vault_person_version ON lapor.vault_person (tenant_id, key_version, id) WHERE wrapped IS NOT NULL;
CREATE TABLE lapor.vault_contact (
    tenant_id bigint NOT NULL, complaint_id uuid NOT NULL, person_id uuid NOT NULL,
    name {LOCKED}, phone {LOCKED}, email {LOCKED}, nik {LOCKED},
    phone_tag {TAG.format("phone_tag")}, email_tag {TAG.format("email_tag")}, nik_tag {TAG.format("nik_tag")},
    kept_at timestamptz NOT NULL, erased_at timestamptz,
    erased_how text NOT NULL DEFAULT '' CHECK (erased_how IN ('', 'reporter', 'request', 'retention')),
    PRIMARY KEY (tenant_id, complaint_id),
    CHECK ((erased_at IS NULL) = (erased_how = '')),
    CHECK (erased_at IS NULL OR length(name) + length(phone) + length(email) + length(nik) = 0),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES lapor.vault_person (tenant_id, id)
);
CREATE INDEX vault_contact_person ON lapor.vault_contact (tenant_id, person_id);
CREATE INDEX vault_contact_phone ON lapor.vault_contact (tenant_id, phone_tag) WHERE phone_tag IS NOT NULL;
CREATE INDEX vault_contact_email ON lapor.vault_contact (tenant_id, email_tag) WHERE email_tag IS NOT NULL;
CREATE INDEX vault_contact_nik ON lapor.vault_contact (tenant_id, nik_tag) WHERE nik_tag IS NOT NULL;
CREATE TABLE lapor.vault_access (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid,
    what text NOT NULL CHECK (what IN ('open', 'search', 'ask', 'grant', 'refuse', 'copy', 'erase')),
    actor_id uuid, role {TEXT}, agency_id uuid,
    purpose text NOT NULL DEFAULT '' CHECK (length(purpose) <= 500), at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id),
    FOREIGN KEY (tenant_id, agency_id) REFERENCES core.agency (tenant_id, id)
);
CREATE INDEX vault_access_case ON lapor.vault_access (tenant_id, complaint_id, at, id);
CREATE INDEX vault_access_at ON lapor.vault_access (tenant_id, at DESC, id DESC);
CREATE TABLE lapor.vault_request (
    tenant_id bigint NOT NULL, id uuid NOT NULL, complaint_id uuid NOT NULL,
    purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 500),
    state text NOT NULL CHECK (state IN ('asked', 'granted', 'refused', 'opened')),
    asked_by uuid NOT NULL, asked_role {TEXT}, asked_at timestamptz NOT NULL,
    decided_by uuid CHECK (decided_by <> asked_by), decided_role {TEXT}, decided_at timestamptz,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'asked') = (decided_by IS NULL)), CHECK (ends_at > asked_at),
    FOREIGN KEY (tenant_id, complaint_id) REFERENCES lapor.complaint (tenant_id, id)
);
CREATE INDEX vault_request_case ON lapor.vault_request (tenant_id, complaint_id, asked_at);
CREATE INDEX vault_request_open ON lapor.vault_request (tenant_id, asked_at) WHERE state = 'asked';
"""
PATH = """
ALTER TABLE lapor.complaint ADD COLUMN whistle text NOT NULL DEFAULT ''
    CHECK (whistle IN ('', 'inspectorate', 'leader'));
ALTER TABLE lapor.complaint ADD COLUMN accused_id uuid;
ALTER TABLE lapor.complaint ADD FOREIGN KEY (tenant_id, accused_id) REFERENCES core.agency (tenant_id, id);
CREATE INDEX complaint_whistle ON lapor.complaint (tenant_id, whistle, due_at, id) WHERE whistle <> '';
"""
MARK = """
UPDATE lapor.complaint c SET whistle = 'inspectorate', secret = true, published = false
FROM lapor.category k WHERE k.tenant_id = c.tenant_id AND k.code = c.category_code AND k.confidential
"""
HIDES = "ALTER TABLE lapor.complaint ADD CONSTRAINT complaint_whistle_hides CHECK (whistle = '' OR secret)"
GRANTS = {
    "vault_key": "SELECT, INSERT, UPDATE",
    "vault_person": "SELECT, INSERT, UPDATE",
    "vault_contact": "SELECT, INSERT, UPDATE",
    "vault_access": "SELECT, INSERT",
    "vault_request": "SELECT, INSERT, UPDATE",
}
SAID = "name <> '' OR phone <> '' OR email <> ''"


def upgrade() -> None:
    op.execute(TABLES)
    for table, grants in GRANTS.items():
        enable_rls(op, f"lapor.{table}", grants)
    op.execute(PATH)
    for tenant_id in _tenants():
        op.execute(MARK)
        _lock_away(tenant_id)
    op.execute(HIDES)
    for column in ("name", "phone", "email"):
        op.execute(f"ALTER TABLE lapor.reporter DROP COLUMN {column}")


def downgrade() -> None:
    """Brings the columns back, empty: what was locked away is opened by the application alone."""
    for column in ("name", "phone", "email"):
        op.execute(f"ALTER TABLE lapor.reporter ADD COLUMN {column} text NOT NULL DEFAULT ''")
    for table in ("vault_request", "vault_access", "vault_contact", "vault_person", "vault_key"):
        op.execute(f"DROP TABLE lapor.{table}")
    op.execute("ALTER TABLE lapor.complaint DROP COLUMN accused_id, DROP COLUMN whistle CASCADE")


def _tenants() -> Iterator[int]:
    """Each government in turn with its door open: the policies hold for the owner as well."""
    run = op.get_bind()
    found = [row[0] for row in run.execute(sa.text("SELECT id FROM core.tenant ORDER BY id"))]
    for tenant_id in found:
        run.execute(sa.text("SELECT set_config('app.tenant_id', :id, true)"), {"id": str(tenant_id)})
        yield tenant_id


def _lock_away(tenant_id: int) -> None:
    run = op.get_bind()
    rows = run.execute(
        sa.text(
            "SELECT r.complaint_id, r.name, r.phone, r.email, c.anonymous OR c.whistle <> '' AS unknown, "
            "c.received_at FROM lapor.reporter r JOIN lapor.complaint c "
            f"ON c.tenant_id = r.tenant_id AND c.id = r.complaint_id WHERE {SAID} ORDER BY c.received_at"
        )
    ).all()
    if not rows:
        return
    secret = os.environ.get("SUPERAPP_SECRET_KEY", "")
    if len(secret) < 32:
        raise RuntimeError("Set SUPERAPP_SECRET_KEY: reporters' names and numbers are locked with it now.")
    keys = {use: _government_key(tenant_id, use, secret) for use in ("wrap", "index")}
    persons: dict[bytes, tuple[UUID, bytes]] = {}
    for row in rows:
        _lock_row(tenant_id, row, keys, persons)
    run.execute(sa.text(f"UPDATE lapor.reporter SET name = '', phone = '', email = '' WHERE {SAID}"))


def _government_key(tenant_id: int, use: str, secret: str) -> bytes:
    key = crypt.fresh_key()
    wrapped = wrap_key(key, crypt.place(tenant_id, "vault_key", use, 1), secret=secret)
    insert = "INSERT INTO lapor.vault_key (tenant_id, use, version, wrapped, created_at) VALUES (:t, :u, 1, :w, now())"
    op.get_bind().execute(sa.text(insert), {"t": tenant_id, "u": use, "w": wrapped})
    return key


def _lock_row(
    tenant_id: int, row: sa.Row, keys: dict[str, bytes], persons: dict[bytes, tuple[UUID, bytes]]
) -> None:
    field = "phone" if row.phone else "email"
    link = None if row.unknown else crypt.tag(keys["index"], field, row.phone or row.email, "link")
    known = persons.get(link) if link else None
    person_id, key = known or (new_id(), crypt.fresh_key())
    run, facts = op.get_bind(), {"t": tenant_id, "p": person_id, "at": row.received_at}
    if known is None:
        place = crypt.place(tenant_id, "vault_person", "wrapped", person_id)
        run.execute(
            sa.text(
                "INSERT INTO lapor.vault_person (tenant_id, id, key_version, wrapped, link, created_at) "
                "VALUES (:t, :p, 1, :w, :link, :at)"
            ),
            facts | {"w": crypt.wrap(keys["wrap"], key, place), "link": link},
        )
    if link:
        persons[link] = (person_id, key)
    for name in ("name", "phone", "email"):
        bound = crypt.place(tenant_id, "vault_contact", name, row.complaint_id)
        facts[name] = crypt.lock(key, getattr(row, name), bound)
    for name in ("phone", "email"):
        facts[f"{name}_tag"] = crypt.tag(keys["index"], name, "" if row.unknown else getattr(row, name))
    run.execute(
        sa.text(
            "INSERT INTO lapor.vault_contact (tenant_id, complaint_id, person_id, name, phone, email, "
            "phone_tag, email_tag, kept_at) "
            "VALUES (:t, :c, :p, :name, :phone, :email, :phone_tag, :email_tag, :at)"
        ),
        facts | {"c": row.complaint_id},
    )
