"""What every plugin owes the host, as tests that a plugin's author takes over by one subclass.

class TestContract(PluginContract):
    plugin = "berita"
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable, Iterator
from importlib.resources import files
from types import ModuleType
from typing import ClassVar

import psycopg
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule, UUIDConverter

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db import migrate
from superapp.db.engine import sqlalchemy_url
from superapp.identity.permit import declared, is_open
from superapp.plugin import document, gate, hookspecs, lifecycle, rules
from superapp.plugin.registry import Registry, migrated
from superapp.testing import postgres
from superapp.testing.client import TenantClient


class PluginContract:
    """Subclass it in the plugin's tests and name the plugin."""

    plugin: ClassVar[str]

    @pytest.fixture
    def made(self, app: Flask) -> Registry:
        """The registry of the app."""
        found: Registry = app.extensions["superapp_plugins"]
        return found

    def test_it_is_loaded_and_in_service(self, made: Registry) -> None:
        assert made.quarantined.get(self.plugin) is None
        assert made.manifests[self.plugin].name == self.plugin

    def test_its_sources_keep_the_rules(self, made: Registry) -> None:
        found = rules.check(made.manifests[self.plugin].folder)
        assert not found, "\n".join(map(str, found))

    def test_its_hooks_are_hooks(self, made: Registry) -> None:
        known = {spec.__name__ for spec in document.declared(hookspecs)}
        for answer in made.collect(hookspecs.superapp_hookspecs):
            known |= {spec.__name__ for spec in document.declared(answer.value)}
        module: ModuleType = made.pm.get_plugin(self.plugin)  # type: ignore[assignment]
        named = {
            n for n, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__
        }
        marked = {n for n in named if hasattr(getattr(module, n), "superapp_impl")}
        assert marked <= known, f"no such hook: {sorted(marked - known)}"
        assert not (named & known) - marked, f"without @hookimpl: {sorted((named & known) - marked)}"

    def test_every_endpoint_says_who_may_call_it(self, app: Flask) -> None:
        for rule in self.routes(app):
            for method in methods(rule) if not is_open(rule.endpoint) else ():
                assert declared(app.view_functions[rule.endpoint], method) is not None, (
                    f"{method} {rule.rule}"
                )

    def test_every_right_that_it_asks_for_is_declared(self, app: Flask, made: Registry) -> None:
        for rule in self.routes(app):
            for method in methods(rule) if not is_open(rule.endpoint) else ():
                for code in declared(app.view_functions[rule.endpoint], method) or ():
                    assert code in made.permissions, f"{rule.rule} asks for {code}"

    def test_switched_off_it_answers_nowhere(
        self, app: Flask, made: Registry, client: Callable[[Tenant], TenantClient], tenant_a: Tenant
    ) -> None:
        with app.app_context(), tenant_scope(tenant_a, SYSTEM):
            off = [self.plugin]  # and what stands on it, however many floors up
            for name in made.names():
                if not set(off).isdisjoint(made.manifests[name].requires):
                    off.append(name)
            for name in reversed(off):
                lifecycle.disable(tenant_a, name)
        browser, adapter = client(tenant_a), app.url_map.bind(tenant_a.host)
        for rule in self.routes(app):
            for method in methods(rule):
                path = adapter.build(rule.endpoint, sample(rule), method=method)
                assert browser.open(path, method=method).status_code == 404, f"{method} {path}"

    def test_its_migrations_go_down_and_up_again(
        self, made: Registry, postgres_server: postgres.Server
    ) -> None:
        part = next((p for p in migrated(made) if p.schema == self.schema(made)), None)
        if part is None:
            return
        name = f"{postgres_server.template}_{secrets.token_hex(3)}"
        # The template is what every migration made of an empty database.
        urls = postgres.copy(postgres_server, postgres_server.template, name)
        engine = create_engine(sqlalchemy_url(urls.owner), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                before = columns(connection.connection.dbapi_connection, part.schema)
                config = migrate._config(part)
                config.attributes["connection"] = connection
                command.downgrade(config, "base")
                left = columns(connection.connection.dbapi_connection, part.schema)
                assert {table for table, _ in left} <= {"alembic_version"}
                command.upgrade(config, "heads")
                assert columns(connection.connection.dbapi_connection, part.schema) == before
        finally:
            engine.dispose()

    def test_its_tables_leave_no_hole(self, made: Registry, admin_connection: psycopg.Connection) -> None:
        schema = self.schema(made)
        question = files("superapp.db").joinpath("catalog.sql").read_bytes()
        holes = [row for row in admin_connection.execute(question) if row[1].startswith(f"{schema}.")]
        assert not holes if schema else True

    def routes(self, app: Flask) -> Iterator[Rule]:
        """The plugin's own addresses, static files among them."""
        with app.app_context():
            yield from [r for r in app.url_map.iter_rules() if gate.owner(r.endpoint) == self.plugin]

    def schema(self, made: Registry) -> str:
        """The plugin's PostgreSQL schema, empty when it keeps no tables."""
        return made.manifests[self.plugin].schema


def methods(rule: Rule) -> list[str]:
    """The methods that an address answers, without those that come by themselves."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def sample(rule: Rule) -> dict[str, object]:
    """A value for each variable of an address, of its converter's kind."""
    return {name: _value(converter) for name, converter in rule._converters.items()}


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    if isinstance(converter, UUIDConverter):
        return "01890000-0000-7000-8000-000000000000"
    return 1 if isinstance(converter, IntegerConverter) else "x"


def columns(driver: object, schema: str) -> set[tuple[str, str]]:
    """(table, column) of a schema."""
    rows = driver.execute(  # type: ignore[attr-defined]
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s", (schema,)
    )
    return set(rows.fetchall())
