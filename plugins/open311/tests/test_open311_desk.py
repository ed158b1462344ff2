"""The desk's pages of other servers: what is typed stays, what is wrong is named, the key is never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from open311_far import answering
from sqlalchemy import select

from plugins.lapor.models import DestinationRow
from plugins.open311 import jobs
from plugins.open311.client import servers
from plugins.open311.models import Server
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.work import work
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.sdk import session
from superapp.testing.client import TenantClient

PASSWORD = "kata sandi yang panjang"
TYPED = {"title": "Balai Jalan", "agency_code": "BPJN", "spelling": "json", "api_key": "rahasia-balai"}
SERVICES = (
    '[{"service_code": "001", "service_name": "Lubang <b>", "metadata": true, "group": "Jalan"},'
    '{"service_code": 2, "service_name": "Lain", "metadata": "false"}]'
)
DEFINITION = (
    '{"service_code": "001", "attributes": ['
    '{"variable": true, "code": "w", "datatype": "singlevaluelist", "required": true, "description": "Arah",'
    ' "values": [{"key": "u", "name": "Utara"}, {"key": 2, "name": "Selatan"}]},'
    '{"variable": false, "code": "info", "datatype": "text", "required": false, "description": "Baca ini"},'
    '{"variable": true, "code": "fid", "datatype": "text", "required": true, "automated": "server_set"}]}'
)


@pytest.fixture
def desk(app: Flask, tenant_a: Tenant, client: Callable[[Tenant], TenantClient]) -> TenantClient:
    """An admin's browser."""
    browser = client(tenant_a)
    with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
        roles.seed_roles(tenant_a, registry().permissions.values())
        who, _ = officers.ensure_officer("admin", "Admin", "admin", password=PASSWORD, second_factor=False)
        browser.set_cookie(permit.cookie_name(), sessions.start(who.id, verified=True), domain=tenant_a.host)
    return browser


@pytest.fixture
def act(app: Flask, tenant_a: Tenant) -> Callable[[Callable[[], Any]], Any]:
    """Do something as the system, between two visits of the pages."""

    def deed(what: Callable[[], Any]) -> Any:
        with app.app_context(), tenant_scope(tenant_a, SYSTEM):
            return what()

    return deed


def one_row() -> Server:
    [row] = servers.living()
    return row


def target() -> DestinationRow:
    query = select(DestinationRow).where(DestinationRow.plugin == "open311")
    return session().scalars(query).one()


def test_a_server_is_added_read_mapped_changed_and_ended(desk: TenantClient, act: Any) -> None:
    with answering() as far:
        far.says("GET", "/v2/services.json", SERVICES)
        far.says("GET", "/v2/services/001.json", DEFINITION)
        made = desk.submit("/meja/open311/", {**TYPED, "endpoint": f"{far.url}/v2/"})
        assert made.status_code == 303
        row, page = act(one_row), made.location
        assert row.endpoint == f"{far.url}/v2" and "rahasia" not in row.api_key
        peer = lambda: act(lambda: servers.peer(str(row.id)))  # noqa: E731
        fetch = lambda: act(lambda: jobs.fetch(str(row.id)))  # noqa: E731
        assert peer().api_key == "rahasia-balai"
        assert "belum dibaca" in desk.get(page).get_data(as_text=True)
        fetch()
        text = desk.get(page).get_data(as_text=True)
        assert "Lubang &lt;b&gt;" in text and "rahasia-balai" not in text
        form = {"map-ROAD.POTHOLE": "001", "map-DRAIN.CLOG": "2"}
        assert desk.submit(f"{page}/layanan", form, form=page).status_code == 303
        fetch()
        text = desk.get(page).get_data(as_text=True)
        assert "Arah" in text and "Baca ini" not in text and "fid" not in text
        wrong = desk.submit(f"{page}/jawaban", {"fix-001-w": "3"}, form=page)
        assert wrong.status_code == 422 and "Pilih jawaban dari daftar." in wrong.get_data(as_text=True)
        assert desk.submit(f"{page}/jawaban", {"fix-001-w": "2"}, form=page).status_code == 303
        assert peer().fixed == {"001": {"w": "2"}}
        assert peer().mapping == {"ROAD.POTHOLE": "001", "DRAIN.CLOG": "2"}

        changed = {**TYPED, "api_key": "", "endpoint": f"{far.url}/v2", "copies": "1", "updates": "1"}
        assert desk.submit(page, changed).status_code == 303
        assert peer().api_key == "rahasia-balai", "an empty field keeps the key"
        there = act(target)
        assert (there.takes, there.categories) == ("categories", ["DRAIN.CLOG", "ROAD.POTHOLE"])
        assert "reply" in there.steps and there.repeatable is False
        far.says("GET", "/v2/services.json", "<html>", 200)
        assert desk.submit(f"{page}/baca", form=page).status_code == 303
        fetch()
        text = desk.get(page).get_data(as_text=True)
        assert "tidak dapat dibaca" in text and "Lubang" in text, "what was read before stays"
        assert desk.submit(f"{page}/akhiri", form=page).status_code == 303
        assert desk.get(page).status_code == 404
        assert act(target).ended_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"endpoint": "https://10.0.0.8/open311/v2"}, "endpoint"),
        ({"endpoint": "ftp://contoh.example/v2"}, "endpoint"),
        ({"endpoint": "https://contoh.example/v2?a=1"}, "endpoint"),
        ({"agency_code": "DPUPR"}, "agency_code"),
        ({"agency_code": ""}, "agency_code"),
        ({"api_key": "ké"}, "api_key"),
        ({"spelling": "yaml"}, "spelling"),
        ({"jurisdiction": "x" * 101}, "jurisdiction"),
    ],
)
def test_what_is_wrong_is_named(superapp_host: Any, changes: dict[str, str], field: str) -> None:
    from superapp.sdk import Invalid
    from superapp.testing import governments

    app = superapp_host.app
    typed = {**TYPED, "endpoint": "https://contoh.example/v2", **changes}
    with app.app_context(), tenant_scope(governments.read_pair(app)[0], SYSTEM):
        with pytest.raises(Invalid) as refused:
            servers.add(servers.Given(**typed))
        assert [each.field for each in refused.value.errors] == [field]


def test_what_was_typed_stays_and_others_are_not_let_in(
    app: Flask, tenant_a: Tenant, desk: TenantClient, client: Callable[[Tenant], TenantClient]
) -> None:
    answer = desk.submit("/meja/open311/", {**TYPED, "endpoint": "https://10.0.0.8/x", "copies": "1"})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert 'value="Balai Jalan"' in text and "jaringan dalam" in text and "rahasia-balai" not in text
    assert client(tenant_a).get("/meja/open311/").status_code in {302, 303}
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        made = servers.add(servers.Given("Balai", "https://contoh.example/v2", copies=True))
    page = f"/meja/open311/{made}"
    wrong = desk.submit(f"{page}/layanan", {"map-DRAIN.CLOG": "tidak-ada"}, form=page)
    assert wrong.status_code == 422 and "Pilih layanan dari daftar." in wrong.get_data(as_text=True)
