"""A city that is connected with a sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sp4n_city import City

from plugins.lapor.service import reference
from plugins.sp4n import connecting
from plugins.sp4n.sandbox import Sandbox, running
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.tenancy import resolve


@pytest.fixture(autouse=True)
def _fresh_reference() -> None:
    reference.forget()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running() as made:
        yield made


@pytest.fixture
def joined(app: Flask, tenant_a: Tenant, sandbox: Sandbox) -> Iterator[Callable[..., City]]:
    """`joined(takes="all")` connects the first government and opens its scope."""
    opened: list[Any] = []

    def join(**given: Any) -> City:
        legacy = given.get("transport") == "legacy"
        wanted = {
            "transport": "modern",
            "base_url": sandbox.legacy if legacy else sandbox.modern,
            "token": sandbox.token("uji-a"),
            "takes": "all",
            "agency_code": "BPJN",
            **given,
        }
        with tenant_scope(tenant_a, SYSTEM):
            there = connecting.connect(wanted)
        fresh = resolve.by_slug("uji-a", fresh=True)
        assert fresh is not None
        opened.append(tenant_scope(fresh, SYSTEM))
        opened[-1].__enter__()
        return City(fresh, there, sandbox)

    with app.app_context():
        yield join
        for scope in reversed(opened):
            scope.__exit__(None, None, None)
