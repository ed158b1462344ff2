"""Clients of one city's GeoReport endpoint."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from flask import Flask
from open311_city import Georeport, made

from superapp.context import Tenant


@pytest.fixture
def city(app: Flask, tenant_a: Tenant, client: Any) -> Georeport:
    return made(app, tenant_a, client, "open311.write")


@pytest.fixture
def worker_key(app: Flask, tenant_a: Tenant, client: Any) -> Georeport:
    """A contractor's system: it may handle what the whole desk may."""
    return made(app, tenant_a, client, "open311.write", "lapor.handle", "lapor.all")


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names below .localhost lead to this machine, as they do in a browser."""
    real = socket.getaddrinfo

    def here(host: Any, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)
