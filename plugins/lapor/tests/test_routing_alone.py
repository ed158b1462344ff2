"""Sending on without an officer: off by default, only when proven, never what is secret; and taken back."""

from dataclasses import replace

import numpy as np
import pytest
from lapor_reports import draft
from sqlalchemy import select

from plugins.lapor import service
from plugins.lapor.contracts import Location
from plugins.lapor.models import CaseEvent, RoutingDecision
from plugins.lapor.service.routing import versions
from plugins.lapor.service.routing.model import Held
from superapp.sdk import Conflict, Forbidden, Invalid, current_tenant, session, set_actor, tenant_scope, work

CLEAR = draft(
    title="Aspal rusak parah",
    body="Aspal rusak parah dekat sekolah, jalan berlubang",
    category=None,
    location=Location(address="Jl. Uji 1"),
)
PROVEN = Held(np.linspace(0.99, 0.6, 300, dtype=np.float32), np.zeros(300, np.uint16), np.ones(300, np.bool_))


@pytest.fixture
def willing(app, acting, in_use):
    """`with willing(): ...` opens the tenant's scope with a proven model and the setting on."""

    def open_scope(held: Held = PROVEN, **settings: object):
        from contextlib import contextmanager

        @contextmanager
        def scope():
            with acting() as actor:
                in_use(held=held)
                tenant = current_tenant()
            chosen = {"lapor": {"dispatch_alone": True, **settings}}
            with (
                app.app_context(),
                tenant_scope(replace(tenant, settings={**tenant.settings, **chosen}), actor),
            ):
                yield

        return scope()

    return open_scope


def test_a_proven_suggestion_goes_on_and_says_why(willing) -> None:
    with willing():
        receipt = service.submit(CLEAR)
        assert receipt.status == "dispositioned"
        told = session().scalars(select(CaseEvent).where(CaseEvent.type == "dispose")).one()
        assert told.actor_kind == "system" and "dari 300 laporan" in told.text and "100% benar" in told.text
        kept = session().scalars(select(RoutingDecision)).one()
        assert (kept.how, kept.place, kept.source) == ("system", 1, "rule") and kept.reason == told.text


def test_it_is_off_until_the_tenant_wants_it(acting, in_use) -> None:
    with acting():
        in_use(held=PROVEN)
        assert service.submit(CLEAR).status == "received"


@pytest.mark.parametrize(
    "report",
    [
        replace(CLEAR, secret=True),
        replace(CLEAR, category="INTEGRITY.EXTORTION"),
        replace(CLEAR, category="WASTE.PILE"),
        replace(CLEAR, title="Zzz", body="Qwertyu iopas dfghj klzxc"),
    ],
    ids=["secret", "whistle", "rules name another unit", "no known word"],
)
def test_what_may_not_or_is_not_sure_waits_for_an_officer(willing, report) -> None:
    with willing():
        service.submit(report)
        assert session().scalars(select(RoutingDecision).where(RoutingDecision.how == "system")).all() == []


@pytest.mark.parametrize(
    ("held", "settings"),
    [
        (replace(PROVEN, right=np.arange(300) % 8 != 3), {}),
        (replace(PROVEN, sure=np.full(300, 0.9999999, np.float32)), {}),
        (replace(PROVEN, right=np.arange(300) % 40 != 3), {"dispatch_target": 0.999}),
    ],
    ids=["too often wrong", "surer than this one", "a higher target"],
)
def test_below_the_proven_margin_it_waits(willing, held, settings) -> None:
    with willing(held, **settings):
        assert service.submit(CLEAR).status == "received"


def test_a_paused_version_sends_nothing_on(willing) -> None:
    with willing():
        with work():
            versions.pause("12/20")
        assert service.submit(CLEAR).status == "received"


def test_the_coordinator_takes_it_back_and_nobody_else(willing) -> None:
    from plugins.lapor.tests.conftest import role

    with willing():
        receipt = service.submit(CLEAR)
        set_actor(role("leader"))
        with pytest.raises(Forbidden):
            service.recall(receipt.id, reason="Keliru.")
        set_actor(role("coordinator"))
        with pytest.raises(Invalid):
            service.recall(receipt.id, reason=" ")
        done = service.recall(receipt.id, version=2, reason="Ini jalan nasional.")
        assert done.status == "verified"
        view = service.desk_view(receipt.id)
        assert view.suggestions and not any(each.active for each in view.assignments)
        assert view.case.clock.state != "done"
        kept = session().scalars(select(RoutingDecision)).one()
        assert kept.recalled_at is not None and kept.recalled_by == "coordinator"
        service.dispose(receipt.id, agency_codes=["DLHK"])
        with pytest.raises(Conflict):
            service.recall(receipt.id, reason="Lagi.")
