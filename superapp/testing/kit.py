"""pytest fixtures for the host and its plugins; installed with the host, nothing to import.

    def test_a_tenant_sees_its_own_news(client, tenant_a, tenant_b): ...

`app` is the real application on a real PostgreSQL, connected as the role without privileges.
`tenant_a` and `tenant_b` are two governments with the same natural keys; every text of the second
carries `governments.TOKEN`. Each test that uses the database finds it as if nothing had been done to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from superapp.testing import browser

# pytest loads this module before coverage starts: what is imported here would count as never run.
if TYPE_CHECKING:
    import psycopg
    from flask import Flask

    from superapp.context import Tenant
    from superapp.testing.client import TenantClient
    from superapp.testing.host import Host
    from superapp.testing.postgres import Server

SERVER = pytest.StashKey["Server"]()
STACK = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`superapp_government` in the ini file: the folder from which both test tenants are made."""
    parser.addini("superapp_government", "a tenant's folder, relative to the ini file", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Registered late, so that these browser fixtures win over those of pytest-playwright."""
    config.pluginmanager.register(browser, "superapp-browser")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist one server serves all workers: the controller starts it and tells them."""
    node.workerinput["superapp_server"] = asdict(_server(node.config))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The server ends with the process that started it."""
    if STACK in config.stash:
        config.stash[STACK].close()


def _server(config: pytest.Config) -> Server:
    from superapp.testing import postgres

    told = getattr(config, "workerinput", {}).get("superapp_server")
    if told:
        return postgres.Server(**told)
    if SERVER not in config.stash:
        config.stash[STACK] = ExitStack()
        config.stash[SERVER] = config.stash[STACK].enter_context(postgres.server())
    return config.stash[SERVER]


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Server:
    """The run's PostgreSQL and its prepared template."""
    return _server(request.config)


@pytest.fixture(scope="session")
def superapp_host(
    request: pytest.FixtureRequest, postgres_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """One application a process, with its own database and var folder."""
    from superapp.testing import governments
    from superapp.testing.host import Host

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    given = request.config.getini("superapp_government")
    government = request.config.rootpath / given if given else governments.DEFAULT
    host = Host.start(postgres_server, worker, tmp_path_factory.mktemp("var"), government)
    try:
        yield host
    finally:
        host.close()


@pytest.fixture
def app(superapp_host: Host) -> Flask:
    """The application with both tenants brought in, as if just installed."""
    superapp_host.restore()
    return superapp_host.app


@pytest.fixture
def admin_connection(app: Flask, superapp_host: Host) -> Iterator[psycopg.Connection]:
    """The database as its administrator, autocommit: to look behind Row Level Security."""
    import psycopg

    with psycopg.connect(
        superapp_host.server.admin_url, dbname=superapp_host.database, autocommit=True
    ) as connection:
        yield connection


@pytest.fixture
def two_tenants(app: Flask, superapp_host: Host) -> tuple[Tenant, Tenant]:
    """Two governments with the same agency, area and category codes."""
    return superapp_host.tenants()


@pytest.fixture
def tenant_a(two_tenants: tuple[Tenant, Tenant]) -> Tenant:
    """The first government."""
    return two_tenants[0]


@pytest.fixture
def tenant_b(two_tenants: tuple[Tenant, Tenant]) -> Tenant:
    """The second one; each of its texts carries `governments.TOKEN`."""
    return two_tenants[1]


@pytest.fixture
def client(app: Flask) -> Callable[[Tenant], TenantClient]:
    """`client(tenant_a).get("/")`: a browser without JavaScript on the tenant's host name."""

    from superapp.testing.client import TenantClient

    def make(tenant: Tenant) -> TenantClient:
        made = TenantClient(app, app.response_class, use_cookies=True)
        return made.at(tenant)

    return make


@pytest.fixture
def worker(app: Flask) -> Callable[[], None]:
    """`worker()` does every job that is due, and those they cause, then returns."""
    from superapp.jobs.worker import drain

    def work() -> None:
        # A thread of its own: a browser test already runs an event loop in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(drain, app).result()

    return work


@pytest.fixture
def var(superapp_host: Host) -> Path:
    """The folder where the application keeps files."""
    return superapp_host.var
