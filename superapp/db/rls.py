"""What a migration says to make a table a tenant's: policy, grants, and the few definer functions."""

from __future__ import annotations

from typing import Protocol


class Op(Protocol):
    """The part of alembic's `op` that is needed here."""

    def execute(self, sqltext: str) -> object:
        """Run one statement."""


# nullif: a pooled connection leaves '' behind, which is no number.
MINE = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint"


def enable_rls(op: Op, table: str, grants: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Make `schema.table` a tenant's: RLS on and forced, one policy, grants to app and ops."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({MINE}) WITH CHECK ({MINE})")
    grant_app(op, table, grants)


def grant_app(op: Op, table: str, grants: str) -> None:
    """Give the web role exactly `grants` on a table; ops may do all but own it."""
    op.execute(f"GRANT {grants} ON {table} TO superapp_app")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO superapp_ops")


def create_schema(op: Op, schema: str) -> None:
    """Open a plugin's schema to the roles that work in it."""
    op.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO superapp_app, superapp_ops, superapp_search")


def definer(op: Op, schema: str, signature: str, create: str, reads: tuple[str, ...] = ()) -> None:
    """Create a SECURITY DEFINER function owned by superapp_search, callable by the app alone.

    `create` is the whole CREATE FUNCTION, which has to filter by `app.tenant_id` itself, because
    its owner looks past the policies: that is what lets trigram and text indexes be used
    (446 ms became 0.7 ms on 500,000 rows). `reads` are the tables it selects from.
    """
    op.execute(create)
    for table in reads:
        op.execute(f"GRANT SELECT ON {table} TO superapp_search")
    op.execute(f"GRANT CREATE ON SCHEMA {schema} TO superapp_search")
    op.execute(f"ALTER FUNCTION {signature} OWNER TO superapp_search")
    op.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM superapp_search")
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO superapp_app, superapp_ops")
