"""The desk page, and the stand-in on its own port."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context

import pytest
from flask import Flask
from whatsapp_city import CITIZEN, City

from plugins.percakapan.contracts import Choice, Say
from plugins.whatsapp import cli, health
from plugins.whatsapp.sandbox import Meta, running
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin.registry import registry
from superapp.sdk import work
from superapp.tenancy import resolve
from superapp.testing.browser import Live
from superapp.testing.client import TenantClient
from superapp.testing.commands import command

PAGE = "/meja/whatsapp/"


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


def test_the_page_shows_what_to_copy_and_how_messages_fare(city: City, admin: TenantClient) -> None:
    def visit(path: str = PAGE, data: dict[str, str] | None = None) -> tuple[int, str]:
        if data is None:
            answer = Context().run(admin.get, path)
        else:
            answer = Context().run(lambda: admin.submit(path, data, form=PAGE))
        return answer.status_code, answer.text

    city.partner.says = [(Say("Rahasia PIN 123 456"),)]
    city.meta.faults += [(401, 190)]
    city.meta.says(CITIZEN, "kata-kata warga")
    city.work()
    _, page = visit()
    assert "/whatsapp/webhook" in page and city.meta.verify_token in page and "laporan_dijawab" in page
    assert "Token akses tidak berlaku lagi" in page and "Meta menolak token akses" in page
    assert "123 456" not in page and "kata-kata warga" not in page and CITIZEN not in page
    assert health.tokens().ok is False
    where = page.partition('action="/meja/whatsapp/pesan/')[2].partition('"')[0]
    status, _ = visit(f"{PAGE}pesan/{where}", {"what": "again"})
    city.work()
    assert status == 303 and [each.text for each in city.got()] == ["Rahasia PIN 123 456"]
    assert health.tokens().ok is True
    assert visit(f"{PAGE}pesan/{where}", {"what": "drop"})[0] == 404  # it has gone out
    old = city.meta.verify_token
    assert visit(f"{PAGE}token", {})[0] == 303
    assert old not in visit()[1]


def test_a_trainer_writes_and_reads_on_the_stand_ins_own_page(
    app: Flask,
    live: Live,
    tenant_a: Tenant,
    meta: Meta,
    connected: Callable[..., Tenant],
    worker: Callable[[], None],
    partner: object,
) -> None:
    import http.client
    import threading
    from urllib.parse import urlencode, urlsplit

    partner.says = [(Say("Di <mana>?", (Choice("skip", "Lewati"),)),)]
    connected(tenant_a, meta)
    meta.deliver, meta.host = None, live.url(tenant_a).rstrip("/")  # over the wire, as the command does
    line = http.client.HTTPConnection(urlsplit(meta.base).netloc, timeout=20)
    done = threading.Timer(0.3, worker)
    done.start()
    line.request("POST", "/kirim", urlencode({"nomor": CITIZEN, "teks": "Lampu mati"}))
    answer = line.getresponse()
    answer.read()
    done.join()
    assert (answer.status, answer.getheader("Location")) == (303, f"/?nomor={CITIZEN}")
    worker()
    line.request("GET", f"/?nomor={CITIZEN}")
    page = line.getresponse().read().decode()
    line.close()
    assert "Di &lt;mana&gt;?" in page and '<button name="tombol" value="skip">Lewati</button>' in page


def test_the_command_connects_only_what_is_off(
    app: Flask, city: City, connected: Callable[..., Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "until_stopped", lambda: None)
    with running() as taken:
        port = taken.base.rpartition(":")[2]
        for more, said in (("", "does not talk with this stand-in"), ("--connect", "talks with Meta")):
            status, output = command(app, city.tenant, cli.group, f"sandbox --port {port} {more}")
            assert status == 1 and said in output
        off = connected(city.tenant, city.meta, mode="off")
        assert command(app, off, cli.group, f"sandbox --port {port} --connect") == (
            1,
            f"Error: Port {port} is taken.\n",
        )
    status, output = command(app, off, cli.group, f"sandbox --port {port} --connect")
    assert status == 0 and output.startswith(f"Open http://127.0.0.1:{port}/")
    fresh = Context().run(resolved, app, city.tenant.slug)
    assert fresh.settings["whatsapp"]["graph_base"] == f"http://127.0.0.1:{port}"
    assert command(app, fresh, cli.group, f"sandbox --port {port}")[0] == 0  # from then on it is its own


def resolved(app: Flask, slug: str) -> Tenant:
    with app.app_context():
        fresh = resolve.by_slug(slug, fresh=True)
    assert fresh is not None
    return fresh
