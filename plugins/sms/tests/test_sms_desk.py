"""The desk page, the test button, and the stand-in on its own port."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextvars import Context
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sms_city import CITIZEN, City, Partner

from plugins.percakapan.contracts import Say
from plugins.sms import cli, health
from plugins.sms.sandbox import Gateway, running
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.sdk import work
from superapp.tenancy import resolve
from superapp.testing.browser import Live
from superapp.testing.client import TenantClient
from superapp.testing.commands import command

PAGE = "/meja/sms/"


@pytest.fixture
def admin(app: Flask, client: Callable[[Tenant], TenantClient], tenant_a: Tenant) -> TenantClient:
    def sign_in() -> str:
        with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
            roles.seed_roles(tenant_a, registry().permissions.values())
            row = officers._known(officers.add("admin-uji", "Admin", "admin")[0])
            row.must_change, row.totp_required = False, False
            return sessions.start(row.id, verified=True)

    browser = client(tenant_a)
    with app.app_context():
        name = permit.cookie_name()
    browser.set_cookie(name, Context().run(sign_in), domain=tenant_a.host)
    return browser


def test_the_page_shows_costs_and_sends_a_test(
    city: City, admin: TenantClient, connected: Callable[..., Tenant]
) -> None:
    def send(path: str, data: dict[str, str]) -> tuple[int, str]:
        answer = Context().run(lambda: admin.submit(path, data, form=PAGE))
        return answer.status_code, answer.text

    def page() -> str:
        return Context().run(lambda: admin.get(PAGE).text)

    status, text = send(f"{PAGE}uji", {"to": "bukan nomor"})
    assert status == 422 and 'value="bukan nomor"' in text and 'id="f-to-error"' in text
    assert send(f"{PAGE}uji", {"to": "0811 0000 0001"})[0] == 303 and city.got() == []
    city.work()
    assert city.got()[0].text.startswith("SMS uji dari Kota Uji")
    shown = page()
    assert "Rp\u00a0350" in shown and "/sms/masuk" in shown and city.gateway.in_secret in shown
    city.gateway.faults.append(401)
    city.partner.says = [(Say("Rahasia PIN 123 456"),)]
    city.gateway.says(CITIZEN, "kata-kata warga")
    city.work()
    shown = page()
    assert "Gerbang SMS menolak kunci kita" in shown and health.gateways().ok is False
    assert "123 456" not in shown and "kata-kata warga" not in shown and CITIZEN not in shown
    where = shown.partition('action="/meja/sms/pesan/')[2].partition('"')[0]
    assert send(f"{PAGE}pesan/{where}", {"what": "again"})[0] == 303
    city.work()
    assert city.got()[1].text == "Rahasia PIN 123 456" and health.gateways().ok is True
    assert send(f"{PAGE}pesan/{where}", {"what": "drop"})[0] == 404  # it has gone out
    connected(city.tenant, city.gateway, cap_day=1000)
    assert "Hanya nomor laporan dan PIN" in page()
    connected(city.tenant, city.gateway, cap_day=700)
    assert "Tidak ada SMS yang dikirim" in page()
    old = city.gateway.in_secret
    assert send(f"{PAGE}token", {})[0] == 303 and old not in page()


def test_a_trainer_writes_and_reads_on_the_stand_ins_own_page(
    live: Live,
    tenant_a: Tenant,
    gateway: Gateway,
    connected: Callable[..., Tenant],
    worker: Callable[[], None],
    partner: Partner,
) -> None:
    partner.says = [(Say("Di <mana>?"),)]
    connected(tenant_a, gateway)
    gateway.deliver, gateway.host = None, live.url(tenant_a).rstrip("/")  # over the wire, as the command does
    line = http.client.HTTPConnection(urlsplit(gateway.base).netloc, timeout=20)
    done = threading.Timer(0.3, worker)
    done.start()
    line.request("POST", "/kirim", urlencode({"nomor": CITIZEN, "teks": "Lampu mati"}))
    answer = line.getresponse()
    answer.read()
    done.join()
    assert (answer.status, answer.getheader("Location")) == (303, f"/?nomor={CITIZEN}")
    line.request("GET", f"/?nomor={CITIZEN}")
    page = line.getresponse().read().decode()
    line.close()
    assert "Di &lt;mana&gt;?" in page and "1 bagian" in page


def test_the_command_connects_only_what_is_off(
    app: Flask, city: City, connected: Callable[..., Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "until_stopped", lambda: None)
    with running() as taken:
        port = taken.base.rpartition(":")[2]
        for more, said in (("", "does not talk with this stand-in"), ("--connect", "talks with a gateway")):
            status, output = command(app, city.tenant, cli.group, f"sandbox --port {port} {more}")
            assert status == 1 and said in output
        off = connected(city.tenant, city.gateway, mode="off")
        assert command(app, off, cli.group, f"sandbox --port {port} --connect") == (
            1,
            f"Error: Port {port} is taken.\n",
        )
    status, output = command(app, off, cli.group, f"sandbox --port {port} --connect")
    assert status == 0 and output.startswith(f"Open http://127.0.0.1:{port}/")
    fresh = Context().run(resolved, app, city.tenant.slug)
    assert fresh.settings["sms"]["url"].startswith(f"http://127.0.0.1:{port}/")
    assert command(app, fresh, cli.group, f"sandbox --port {port}")[0] == 0  # from then on it is its own


def resolved(app: Flask, slug: str) -> Tenant:
    with app.app_context():
        fresh = resolve.by_slug(slug, fresh=True)
    assert fresh is not None
    return fresh
