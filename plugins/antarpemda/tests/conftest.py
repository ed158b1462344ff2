"""A linked city and province for the tests of antarpemda."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from plugins.antarpemda import links
from plugins.antarpemda.tests import neighbours
from plugins.antarpemda.tests.neighbours import Pair
from plugins.lapor.service import reference
from superapp.context import Tenant


@pytest.fixture
def apart(
    app: Flask,
    tenant_a: Tenant,
    tenant_b: Tenant,
    admin_connection: psycopg.Connection,
    worker: Callable[[], None],
) -> Pair:
    """A city and its province that are not linked."""
    reference.forget()
    links.forget()
    return neighbours.made(app, (tenant_a, tenant_b), admin_connection, worker)


@pytest.fixture
def pair(apart: Pair) -> Pair:
    """Linked both ways, without names."""
    apart.consent(apart.city)
    apart.post_round()
    apart.consent(apart.province)
    apart.post_round()
    return apart
