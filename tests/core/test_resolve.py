"""Copies of tenants: good until the stamp rises, never longer, whoever raises it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from flask import Flask

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import lifecycle
from superapp.tenancy import resolve

Age = Callable[[], None]


@pytest.fixture
def age() -> Iterator[Age]:
    """`age()` lets five seconds pass for this process's memory, nothing else."""
    resolve.forget()
    yield lambda: setattr(resolve._copies, "look_again", 0.0)
    resolve.forget()


def rename(admin: psycopg.Connection, tenant: Tenant, name: str, *, tell: bool) -> None:
    """Another process changes the tenant; `tell` raises the stamp with it, as touch() does."""
    with admin.transaction():
        admin.execute("UPDATE core.tenant SET name = %s WHERE id = %s", (name, tenant.id))
        if tell:
            admin.execute("UPDATE core.revision SET stamp = stamp + 1")


def named(app: Flask, tenant: Tenant) -> str:
    with app.app_context():
        found = resolve.by_host(tenant.host)
    assert found is not None
    return found.name


def test_a_copy_is_good_until_the_stamp_rises(
    app: Flask, tenant_a: Tenant, admin_connection: psycopg.Connection, age: Age
) -> None:
    before = named(app, tenant_a)
    rename(admin_connection, tenant_a, "Kota Baru", tell=True)
    assert named(app, tenant_a) == before, "within five seconds the copy is given"
    age()
    assert named(app, tenant_a) == "Kota Baru"


def test_without_a_change_nothing_is_read_again(
    app: Flask, tenant_a: Tenant, admin_connection: psycopg.Connection, age: Age
) -> None:
    before = named(app, tenant_a)
    rename(admin_connection, tenant_a, "Kota Diam", tell=False)
    age()
    assert named(app, tenant_a) == before


def test_what_was_read_before_a_change_is_not_kept_after_it(
    app: Flask,
    tenant_a: Tenant,
    admin_connection: psycopg.Connection,
    age: Age,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load = resolve._load

    def slow(*arguments: object) -> Tenant | None:
        found = load(*arguments)  # type: ignore[arg-type]
        rename(admin_connection, tenant_a, "Kota Cepat", tell=True)
        resolve._copies.stamp += 1  # another thread looked meanwhile
        return found

    monkeypatch.setattr(resolve, "_load", slow)
    named(app, tenant_a)
    monkeypatch.setattr(resolve, "_load", load)
    assert named(app, tenant_a) == "Kota Cepat"


def test_an_unknown_host_is_known_once_it_was_brought_in(
    app: Flask, tenant_a: Tenant, admin_connection: psycopg.Connection, age: Age
) -> None:
    with app.app_context():
        assert resolve.by_host("baru.localhost") is None
    with admin_connection.transaction():
        admin_connection.execute(
            "INSERT INTO core.host_name (host, tenant_id) VALUES ('baru.localhost', %s)", (tenant_a.id,)
        )
        admin_connection.execute("UPDATE core.revision SET stamp = stamp + 1")
    age()
    with app.app_context():
        found = resolve.by_host("baru.localhost")
    assert found is not None
    assert found.id == tenant_a.id


def test_a_switch_at_the_desk_raises_the_stamp(
    app: Flask, tenant_a: Tenant, admin_connection: psycopg.Connection
) -> None:
    def stamp() -> int:
        row = admin_connection.execute("SELECT stamp FROM core.revision").fetchone()
        assert row is not None
        return int(row[0])

    before = stamp()
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        lifecycle.disable(tenant_a, "berita")
    assert stamp() == before + 1
