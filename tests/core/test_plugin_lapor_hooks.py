"""A plugin of somebody else extends complaints through LAPOR's hooks, and LAPOR's services show it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from plugins.lapor import queries, service
from plugins.lapor.contracts import CategoryView, Deadline, Draft, Location, Routing
from plugins.lapor.contracts.outside import Arrival, Destination, Parcel, Pulled, Pushed
from plugins.lapor.service import channels, reference
from plugins.lapor.service.outside import destinations, numbers, pulling, sending
from plugins.lapor.service.time import sla
from superapp.context import ANONYMOUS, SYSTEM, Tenant, tenant_scope
from superapp.plugin import registry
from superapp.sdk import PluginRefused, now
from tests.core.plugins_made import plugin

PLACE = Location(-8.7343, 115.2351, "Jalan Tukad Punggawa", "51.71.01.1001")
DRAFT = Draft(
    kind="complaint",
    title="Tumpukan sampah di depan pasar",
    body="Sampah menumpuk tiga hari di depan pasar dan baunya masuk rumah.",
    category="WASTE.PILE",
    location=PLACE,
)
BEACH = CategoryView("BEACH", "Sampah di pantai", "Sampah & kebersihan", "", ("pantai",))
heard: list[tuple[str, str]] = []


def refuses(tenant: Tenant, draft: Draft) -> None:
    if "darurat" in draft.body:
        raise PluginRefused("Keadaan darurat.", "Hubungi 112.")


def routes(tenant: Tenant, draft: Draft) -> Routing | None:
    return Routing("DPUPR", "Aset Dinas PUPR", 0.9) if "drainase" in draft.title else None


def limits(tenant: Tenant, draft: Draft, started_at: datetime, steps: list[str]) -> list[Deadline]:
    due = started_at + timedelta(days=1)
    return [Deadline("verify", due, started_at, 1, "wd", authority="tenant")]


def pushes(tenant: Tenant, parcel: Parcel) -> Pushed:
    heard.append((parcel.case.number, parcel.step))
    return Pushed("L-1")


def pulls(tenant: Tenant, destination: Destination, cursor: Mapping[str, object]) -> Pulled:
    return Pulled([Arrival("a", now(), foreign_id="42", draft=replace(DRAFT, channel="national"))])


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, tmp_path: Path) -> Iterator[Tenant]:
    neighbour = plugin(
        tmp_path,
        "tetangga",
        requires="lapor",
        lapor_categories=lambda tenant: [BEACH],
        lapor_enrich=lambda tenant, draft: replace(draft, title=f"{draft.title} (drainase)"),
        lapor_validate=refuses,
        lapor_route=routes,
        lapor_sla=limits,
        lapor_channels=lambda tenant: {"telegram": "Telegram"},
        lapor_push=pushes,
        lapor_pull=pulls,
        lapor_status_map=lambda tenant, status: {"received": "Diterima"}.get(status),
    )
    heard.clear()
    reference.forget()
    kept = app.extensions["superapp_plugins"]
    app.extensions["superapp_plugins"] = registry.build([*registry.discover(), neighbour])
    with app.app_context():
        yield replace(tenant_a, enabled=tenant_a.enabled | {"tetangga"})
    app.extensions["superapp_plugins"] = kept


def test_a_report_is_enriched_routed_timed_and_named_by_a_neighbour(tenant: Tenant) -> None:
    with tenant_scope(tenant, ANONYMOUS):
        receipt = service.submit(DRAFT)
        assert "BEACH" in {each.code for each in queries.categories()}
    with tenant_scope(tenant, SYSTEM):
        seen = service.desk_view(receipt.id)
    assert seen.case.title.endswith("(drainase)")
    assert seen.routing["by"] == "tetangga" and seen.suggestions[0].agency.code == "DPUPR"
    assert seen.outside["tetangga"] == "Diterima"


def test_a_neighbour_may_refuse_and_nothing_is_kept(tenant: Tenant) -> None:
    with tenant_scope(tenant, ANONYMOUS), pytest.raises(PluginRefused, match="darurat"):
        service.submit(replace(DRAFT, body="Ada kebakaran, keadaan darurat di pasar."))
    with tenant_scope(tenant, SYSTEM):
        assert list(queries.public_list().items) == []


def test_a_neighbours_clock_runs_beside_lapors_own(tenant: Tenant) -> None:
    with tenant_scope(tenant, ANONYMOUS):
        found = sla.deadlines(DRAFT, now(), ("verify",))
    assert len(found) >= 2 and min(each.due_at for each in found) <= now() + timedelta(days=1)


def test_an_outside_register_is_told_and_asked_once(tenant: Tenant) -> None:
    with tenant_scope(tenant, SYSTEM):
        there = destinations.connect("tetangga", "satu", title="Tetangga", takes="all")
        receipt = service.submit(DRAFT)
        for _turn in range(2):
            sending.deliver(there.id)
            pulling.pull(there.id)
        assert channels.channels()["telegram"] == "Telegram"
        assert len(queries.public_list().items) == 0
        assert numbers.ref(there.id, foreign_id="42") is not None
    assert heard == [(receipt.number, "new")]
