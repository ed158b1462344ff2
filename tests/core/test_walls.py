"""Row Level Security and the ORM's criteria: each alone still holds, and without a scope nothing runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import ProgrammingError

from superapp.app import create_app
from superapp.context import NoTenant, Tenant, platform_scope, tenant_scope
from superapp.db import guard
from superapp.db.base import new_id
from superapp.db.engine import db, session
from superapp.db.guard import ForeignRow
from superapp.db.work import work
from superapp.tenancy.models import Agency


def add(tenant: Tenant, code: str) -> object:
    with tenant_scope(tenant), work() as opened:
        row = Agency(code=code, name=f"of {tenant.slug}", short_name=code, kind="dinas")
        opened.add(row)
    return row.id


def names() -> set[str]:
    return set(session().scalars(select(Agency.name).where(Agency.code == "WALL")))


@pytest.fixture
def both(app: Flask, tenant_a: Tenant, tenant_b: Tenant) -> Iterator[tuple[Tenant, Tenant]]:
    with app.app_context():
        for tenant in (tenant_a, tenant_b):
            add(tenant, "WALL")
        yield tenant_a, tenant_b


@contextmanager
def without_policies(admin: psycopg.Connection) -> Iterator[None]:
    admin.execute("ALTER TABLE core.agency DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        admin.execute("ALTER TABLE core.agency ENABLE ROW LEVEL SECURITY")


@contextmanager
def without_criteria() -> Iterator[None]:
    guard.remove()
    try:
        yield
    finally:
        guard.install()


def test_no_scope_raises_through_orm_core_and_raw_sql(app: Flask) -> None:
    with app.app_context():
        for statement in (select(Agency), select(Agency.__table__), text("SELECT 1")):
            with pytest.raises(NoTenant):
                db.session.execute(statement)
            db.session.rollback()
        with pytest.raises(NoTenant), db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        with pytest.raises(NoTenant):
            session()


def test_a_scope_sees_its_own_rows_only(both: tuple[Tenant, Tenant]) -> None:
    for tenant in both:
        with tenant_scope(tenant):
            assert names() == {f"of {tenant.slug}"}


def test_without_criteria_the_policies_still_hold(both: tuple[Tenant, Tenant]) -> None:
    with without_criteria(), tenant_scope(both[0]):
        assert names() == {f"of {both[0].slug}"}


def test_without_policies_the_criteria_still_hold(
    both: tuple[Tenant, Tenant], admin_connection: psycopg.Connection
) -> None:
    with without_policies(admin_connection), tenant_scope(both[0]):
        raw = session().execute(text("SELECT count(*) FROM core.agency WHERE code = 'WALL'")).scalar_one()
        assert raw == 2, "the policy is really off"
        assert names() == {f"of {both[0].slug}"}
        session().execute(update(Agency).where(Agency.code == "WALL").values(phone="1"))
        session().commit()
    with tenant_scope(both[1]):
        phones = session().scalars(select(Agency.phone).where(Agency.code == "WALL")).all()
        assert phones == [""]


def test_the_platform_scope_sees_no_tenant_rows(both: tuple[Tenant, Tenant]) -> None:
    with platform_scope("test"):
        assert session().execute(text("SELECT count(*) FROM core.agency")).scalar_one() == 0


def test_a_row_of_another_tenant_is_refused_by_orm_and_database(both: tuple[Tenant, Tenant]) -> None:
    a, b = both
    with tenant_scope(a):
        session().add(Agency(tenant_id=b.id, code="X", name="x", short_name="x", kind="dinas"))
        with pytest.raises(ForeignRow):
            session().flush()
    row = {"tenant_id": b.id, "id": new_id(), "code": "X", "name": "x", "short_name": "x", "kind": "dinas"}
    with tenant_scope(a), pytest.raises(ProgrammingError, match="row-level security"):
        session().execute(insert(Agency.__table__).values(row))


def test_scopes_of_two_tenants_do_not_nest(both: tuple[Tenant, Tenant]) -> None:
    with tenant_scope(both[0]), pytest.raises(RuntimeError), tenant_scope(both[1]):
        pass


def test_a_new_scope_does_not_serve_the_other_tenants_cached_object(both: tuple[Tenant, Tenant]) -> None:
    with tenant_scope(both[0]):
        mine = session().scalars(select(Agency).where(Agency.code == "WALL")).one()
        identity = (both[0].id, mine.id)
        assert session().get(Agency, identity) is mine
    with tenant_scope(both[1]):
        assert session().get(Agency, identity) is None


def test_a_pooled_connection_carries_no_tenant_over(both: tuple[Tenant, Tenant]) -> None:
    for _ in range(20):
        for tenant in both:
            with tenant_scope(tenant):
                setting = session().execute(text("SELECT current_setting('app.tenant_id')")).scalar_one()
                assert setting == str(tenant.id)
        with platform_scope("test"):
            setting = session().execute(text("SELECT current_setting('app.tenant_id', true)")).scalar_one()
            assert not setting


def test_unique_errors_do_not_reach_over_to_the_other_tenant(both: tuple[Tenant, Tenant]) -> None:
    # The same natural key lives in both; only a second one in the same tenant collides.
    with pytest.raises(Exception, match=r"uq|duplicate"):
        add(both[0], "WALL")


@pytest.mark.parametrize("strong", ["ops_url", "owner_url"])
def test_a_role_that_could_look_past_the_policies_does_not_start(app: Flask, strong: str) -> None:
    settings = app.extensions["superapp_settings"]
    with pytest.raises(RuntimeError, match="must not run as this database role"):
        create_app(replace(settings, app_url=getattr(settings, strong)), plugins=[])
