"""Governments write to each other; provinces have kabupaten and kota as their areas.

Revision ID: 0004_across
"""

from alembic import op

from superapp.db.rls import enable_rls

revision = "0004_across"
down_revision = "0003_revision"
branch_labels = None
depends_on = None

LETTERS = """
CREATE TABLE core.heard_letter (
    tenant_id bigint NOT NULL, sender_id bigint NOT NULL,
    letter text NOT NULL CHECK (length(letter) BETWEEN 1 AND 100),
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sender_id, letter)
);
CREATE INDEX heard_letter_old ON core.heard_letter (tenant_id, heard_at);
"""
LEVELS = """
ALTER TABLE core.area DROP CONSTRAINT area_level_check;
ALTER TABLE core.area ADD CONSTRAINT area_level_check CHECK (level IN ({levels}));
"""
CITY = "'kecamatan', 'kelurahan', 'desa'"


def upgrade() -> None:
    op.execute(LETTERS)
    enable_rls(op, "core.heard_letter")
    op.execute(LEVELS.format(levels=f"'kabupaten', 'kota', {CITY}"))


def downgrade() -> None:
    op.execute("DELETE FROM core.area WHERE level IN ('kabupaten', 'kota')")
    op.execute(LEVELS.format(levels=CITY))
    op.execute("DROP TABLE core.heard_letter")
