"""Officers for the host's own tests: made through the same door as a real one."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from flask import Flask

from superapp.context import Actor, Tenant, tenant_scope
from superapp.identity import officers, roles
from superapp.plugin.registry import registry

PASSWORD = "kata sandi yang panjang"


@pytest.fixture
def hire(app: Flask) -> Callable[..., str]:
    """`hire(tenant, "admin")` adds an officer of that role and returns the login."""

    def add(tenant: Tenant, role: str, login: str = "", *, second_factor: bool = False, **place: str) -> str:
        login = login or f"petugas-{role}"
        with app.app_context(), tenant_scope(tenant):
            roles.seed_roles(tenant, registry().permissions.values())
            officers.ensure_officer(
                login, f"Jabatan {role}", role, password=PASSWORD, second_factor=second_factor, **place
            )
        return login

    return add


@pytest.fixture
def enter(hire, client) -> Callable[..., object]:
    """`enter(tenant, "admin")` is a browser in which an officer of that role has signed in."""

    def sign_in(tenant: Tenant, role: str, **options):
        login = hire(tenant, role, **options)
        browser = client(tenant)
        answer = browser.submit("/meja/masuk", {"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    return sign_in


@pytest.fixture
def inside(app: Flask) -> Callable[..., object]:
    """`with inside(tenant): ...` runs in the tenant's scope of the app."""

    @contextmanager
    def opened(tenant: Tenant, actor: Actor | None = None):
        with app.app_context(), tenant_scope(tenant, actor or Actor(kind="system", name="Sistem")) as scope:
            yield scope

    return opened
