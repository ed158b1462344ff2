"""Officers and reports for the tests of LAPOR."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest

from plugins.lapor import plugin
from plugins.lapor.service import reference
from plugins.lapor.service.kept import checks
from plugins.lapor.service.routing import version
from plugins.lapor.service.time import calendars
from plugins.lapor.tests.routing_model import in_use, learnt
from superapp.sdk import ANONYMOUS, Actor, directory, new_id, tenant_scope

__all__ = ["in_use", "learnt"]  # fixtures of another file
Scope = Callable[..., AbstractContextManager[Actor]]


@pytest.fixture(autouse=True)
def _fresh_reference() -> None:
    reference.forget()
    calendars.forget()
    checks.forget()
    version.forget()


def role(name: str, agency: str = "", **more: object) -> Actor:
    """An officer with what a role holds in a new tenant; `agency` is a code, known once in scope."""
    held = frozenset(each.code for each in plugin.PERMISSIONS if name in each.roles)
    return Actor("officer", new_id(), name, held, roles=(name, agency), **more)


@pytest.fixture
def acting(app, tenant_a) -> Scope:
    """`with acting("coordinator"): ...` opens the tenant's scope as this role of an agency, or as nobody."""

    @contextmanager
    def open_scope(name: str = "", agency: str = "", tenant=tenant_a) -> Iterator[Actor]:
        with app.app_context():
            actor = role(name, agency) if name else ANONYMOUS
            if agency:
                with tenant_scope(tenant):
                    actor = replace(actor, agency_id=directory.agencies_by_code()[agency].id)
            with tenant_scope(tenant, actor):
                yield actor

    return open_scope
