"""Delivering against a real server: once for each key, tried again when it surely did not go out."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from plugins.surel import send, service
from plugins.surel.models import Delivery
from plugins.surel.tests.mailserver import Mailbox, running
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin import hooks, lifecycle
from superapp.plugin.hookspecs import superapp_person_erase, superapp_person_export
from superapp.plugin.registry import registry
from superapp.sdk import Invalid, Message, Unavailable, at_time, notify, now, work
from superapp.tenancy import resolve
from superapp.testing.client import TenantClient
from superapp.web import health

MAIL = Message("email", "warga@example.org", "Laporan DPS-2026-000001", "Diteruskan.", key="lapor.disposed:1")
FILE = {"mode": "file", "from_address": "lapor@kota.go.id"}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running() as box:
        yield box


def smtp(box: Mailbox, **more: object) -> dict[str, object]:
    return {
        "mode": "smtp", "from_address": "lapor@kota.go.id", "host": "127.0.0.1", "port": box.port,
        "security": "none", **more,
    }  # fmt: skip


@pytest.fixture
def configured(app: Flask) -> Callable[..., Tenant]:
    def store(tenant: Tenant, settings: dict[str, object]) -> Tenant:
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            lifecycle.save_settings(tenant, "surel", settings)
        with app.app_context():
            fresh = resolve.by_slug(tenant.slug, fresh=True)
        assert fresh is not None
        return fresh

    return store


def deliver(app: Flask, tenant: Tenant, message: Message = MAIL) -> None:
    with app.app_context(), tenant_scope(tenant, SYSTEM), work():
        hooks.call_one(service_hook(), "surel", tenant=tenant, message=message)


def service_hook() -> Callable[..., None]:
    from superapp.plugin.hookspecs import superapp_deliver

    return superapp_deliver


def states(app: Flask, tenant: Tenant) -> list[tuple[str, int, str]]:
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        return [(d.state, d.attempts, d.reason) for d in service.latest()]


def test_a_message_goes_from_notify_through_the_worker_to_the_server_once(
    app: Flask,
    worker: Callable[[], None],
    configured: Callable[..., Tenant],
    mailbox: Mailbox,
    tenant_a: Tenant,
) -> None:
    tenant = configured(tenant_a, smtp(mailbox))
    for _repeat in range(2):
        with app.app_context(), tenant_scope(tenant, SYSTEM), work():
            notify(MAIL)
        worker()
    assert [(s, r) for s, r, _text in mailbox.mails] == [
        ("mail FROM:<lapor@kota.go.id>", "rcpt TO:<warga@example.org>")
    ]
    assert "Subject: Laporan DPS-2026-000001" in mailbox.mails[0][2]
    assert states(app, tenant) == [("sent", 1, "")]


@pytest.mark.parametrize(
    ("answers", "state", "reason"),
    [
        ({"RCPT": "550 nobody here"}, "refused", "SMTP 550"),
        ({"MAIL": "553 not you"}, "refused", "SMTP 553"),
        ({"DATA": "554 no"}, "refused", "SMTP 554"),
        ({".": "552 too large"}, "refused", "SMTP 552"),
        ({".": ""}, "unknown", "SMTPServerDisconnected"),
    ],
)
def test_what_must_not_be_repeated_is_not(
    app: Flask,
    configured: Callable[..., Tenant],
    mailbox: Mailbox,
    tenant_a: Tenant,
    answers: dict[str, str],
    state: str,
    reason: str,
) -> None:
    tenant = configured(tenant_a, smtp(mailbox))
    mailbox.answers = answers
    deliver(app, tenant)
    assert states(app, tenant) == [(state, 1, reason)]
    mailbox.answers, kept = {}, len(mailbox.mails)
    deliver(app, tenant)
    assert len(mailbox.mails) == kept and states(app, tenant) == [(state, 1, reason)]


@pytest.mark.parametrize(
    "answers",
    [
        {"RCPT": "451 later"},
        {"MAIL": ""},
        {"RCPT": ""},
        {".": "451 later"},
        {"EHLO": "421 no", "HELO": "421 no"},
    ],
)
def test_what_surely_did_not_go_out_is_tried_again(
    app: Flask,
    configured: Callable[..., Tenant],
    mailbox: Mailbox,
    tenant_a: Tenant,
    answers: dict[str, str],
) -> None:
    tenant = configured(tenant_a, smtp(mailbox))
    mailbox.answers = answers
    with pytest.raises(Unavailable):
        deliver(app, tenant)
    assert [(s, n) for s, n, _r in states(app, tenant)] == [("failed", 1)]
    mailbox.answers = {}
    deliver(app, tenant)
    assert len(mailbox.mails) == 1 and [(s, n) for s, n, _r in states(app, tenant)] == [("sent", 2)]


def test_a_server_that_is_away_or_without_starttls_gets_nothing(
    app: Flask, configured: Callable[..., Tenant], mailbox: Mailbox, tenant_a: Tenant
) -> None:
    tenant = configured(tenant_a, smtp(mailbox, security="starttls"))
    with pytest.raises(Unavailable):
        deliver(app, tenant)
    assert mailbox.mails == [] and "MAIL" not in mailbox.verbs
    tenant = configured(tenant_a, smtp(mailbox, port=1))
    with pytest.raises(Unavailable):
        deliver(app, tenant)
    assert states(app, tenant) == [("failed", 2, "ConnectionRefusedError")]


def test_a_silent_server_is_given_up(
    app: Flask,
    configured: Callable[..., Tenant],
    mailbox: Mailbox,
    tenant_a: Tenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(send, "TIMEOUT", 0.2)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as mute:
        tenant = configured(tenant_a, smtp(mailbox, port=mute.getsockname()[1]))
        with pytest.raises(Unavailable):
            deliver(app, tenant)
    assert states(app, tenant)[0] == ("failed", 1, "SMTPServerDisconnected")


def test_a_worker_killed_between_sending_and_marking_leaves_an_honest_row(
    app: Flask,
    configured: Callable[..., Tenant],
    mailbox: Mailbox,
    tenant_a: Tenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tenant = configured(tenant_a, smtp(mailbox))
    with monkeypatch.context() as killed:
        killed.setattr(service, "_mark", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            deliver(app, tenant)
    assert states(app, tenant) == [("sending", 1, "")] and len(mailbox.mails) == 1
    with pytest.raises(Unavailable):  # it might still be at work
        deliver(app, tenant)
    with at_time(now() + service.LEASE + timedelta(seconds=1)):
        deliver(app, tenant)
        deliver(app, tenant)
    assert states(app, tenant) == [("unknown", 1, "worker died")] and len(mailbox.mails) == 1


def test_nothing_is_sent_when_the_claim_rolls_back(
    app: Flask, configured: Callable[..., Tenant], mailbox: Mailbox, tenant_a: Tenant
) -> None:
    tenant = configured(tenant_a, smtp(mailbox))
    with app.app_context(), tenant_scope(tenant, SYSTEM), pytest.raises(ZeroDivisionError), work():
        service.deliver(tenant, MAIL)
        raise ZeroDivisionError
    assert mailbox.mails == [] and states(app, tenant) == []


def test_the_file_mailbox_keeps_one_readable_mail_in_the_tenants_own_folder(
    app: Flask, configured: Callable[..., Tenant], tenant_a: Tenant, tenant_b: Tenant, var: Path
) -> None:
    for tenant in (configured(tenant_a, FILE), configured(tenant_b, FILE)):
        deliver(app, tenant)
        deliver(app, tenant)
    for slug in (tenant_a.slug, tenant_b.slug):
        (mail,) = (var / "mail" / slug).glob("*")
        assert mail.suffix == ".eml" and b"Diteruskan." in mail.read_bytes()


def test_a_folder_that_cannot_be_written_is_a_failure_and_seen_by_health(
    app: Flask, configured: Callable[..., Tenant], tenant_a: Tenant, var: Path
) -> None:
    tenant = configured(tenant_a, FILE)
    folder = var / "mail" / tenant.slug
    folder.parent.mkdir(exist_ok=True)
    folder.unlink(missing_ok=True) if folder.is_file() else None
    for old in folder.glob("*") if folder.is_dir() else ():
        old.unlink()
    if folder.is_dir():
        folder.rmdir()
    folder.write_text("a file in the folder's place")
    try:
        with pytest.raises(Unavailable):
            deliver(app, tenant)
    finally:
        folder.unlink()
    assert states(app, tenant)[0][0] == "failed"
    with app.app_context():
        assert health._plugins()["surel"] == "ok"


def test_off_is_the_beginning_and_sends_nothing(app: Flask, tenant_a: Tenant) -> None:
    deliver(app, tenant_a)
    assert states(app, tenant_a) == [("skipped", 1, "")]


def test_other_channels_are_left_to_others(app: Flask, tenant_a: Tenant) -> None:
    deliver(app, tenant_a, Message("whatsapp", "0812", "x", "y", key="k"))
    assert states(app, tenant_a) == []


def test_a_bad_message_is_refused_for_good(
    app: Flask, configured: Callable[..., Tenant], mailbox: Mailbox, tenant_a: Tenant
) -> None:
    tenant = configured(tenant_a, smtp(mailbox))
    deliver(app, tenant, Message("email", "a@b.id\r\nBcc: c@d.id", "x", "y", key="k1"))
    deliver(app, tenant, Message("email", "a@b.id", "x\nBcc: c@d.id", "y", key="k2"))
    assert mailbox.mails == []
    assert {s for s, _n, _r in states(app, tenant)} == {"refused"}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"mode": "smtp", "from_address": "a@b.id"}, "host"),
        ({"mode": "file"}, "from_address"),
        ({**FILE, "from_address": "a@b.id, c@d.id"}, "from_address"),
        ({**FILE, "from_name": "Kota\r\nBcc: x@y.id"}, "from_name"),
        ({**FILE, "host": "evil host/"}, "host"),
        ({**FILE, "port": 0}, "port"),
        ({**FILE, "port": 70000}, "port"),
        ({"mode": "pigeon"}, "mode"),
        (
            {**FILE, "mode": "smtp", "host": "h", "security": "none", "user": "u"},
            "security",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(
    app: Flask, tenant_a: Tenant, settings: dict[str, object], field: str
) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM), pytest.raises(Invalid) as caught:
        lifecycle.save_settings(tenant_a, "surel", settings)
    assert field in {error.field for error in caught.value.errors}


def test_the_password_is_sealed_in_the_database(
    app: Flask, configured: Callable[..., Tenant], mailbox: Mailbox, tenant_a: Tenant
) -> None:
    tenant = configured(tenant_a, smtp(mailbox, security="tls", user="u", password="rahasia sekali"))
    assert "rahasia" not in repr(tenant.settings)
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        assert lifecycle.settings_of(tenant, "surel")["password"] == "rahasia sekali"


def test_a_person_gets_and_loses_what_is_kept(app: Flask, tenant_a: Tenant) -> None:
    deliver(app, tenant_a)
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        (kept,) = [
            a.value
            for a in hooks.ask(superapp_person_export, tenant=tenant_a, contact=" WARGA@example.org")
            if a.plugin == "surel"
        ]
        assert kept.data["deliveries"][0]["state"] == "skipped"
        assert hooks.call_one(superapp_person_erase, "surel", tenant=tenant_a, contact=MAIL.to) == 1
        assert hooks.call_one(superapp_person_export, "surel", tenant=tenant_a, contact=MAIL.to) is None
        row = service.latest()[0]
        assert isinstance(row, Delivery) and (row.address, row.address_hash) == ("…", "")


def test_old_deliveries_are_forgotten(app: Flask, tenant_a: Tenant) -> None:
    deliver(app, tenant_a)
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        service.sweep()
        assert len(service.latest()) == 1
        with at_time(now() + timedelta(days=91)):
            service.sweep()
        assert service.latest() == []


@pytest.fixture
def admin(app: Flask, client: Callable[[Tenant], TenantClient], tenant_a: Tenant) -> TenantClient:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
        roles.seed_roles(tenant_a, registry().permissions.values())
        who = officers.add("admin-uji", "Admin", "admin")[0]
        row = officers._known(who)
        row.must_change, row.totp_required = False, False
        token = sessions.start(who, verified=True)
        name = permit.cookie_name()
    browser = client(tenant_a)
    browser.set_cookie(name, token, domain=tenant_a.host)
    return browser


def test_an_admin_sends_a_test_and_sees_its_outcome_without_the_address(
    admin: TenantClient,
    worker: Callable[[], None],
    configured: Callable[..., Tenant],
    mailbox: Mailbox,
    tenant_a: Tenant,
) -> None:
    configured(tenant_a, smtp(mailbox))
    answer = admin.submit("/meja/surel/uji", {"to": "bagian.it@kota.go.id"}, form="/meja/surel/")
    assert answer.status_code == 303 and mailbox.mails == []  # no request waits for a server
    worker()
    assert len(mailbox.mails) == 1
    page = admin.get("/meja/surel/").text
    assert "terkirim" in page and "b…@kota.go.id" in page and "bagian.it@" not in page


def test_a_wrong_test_address_keeps_the_form(admin: TenantClient) -> None:
    answer = admin.submit("/meja/surel/uji", {"to": "bukan alamat"}, form="/meja/surel/")
    assert answer.status_code == 422
    assert 'value="bukan alamat"' in answer.text and 'id="f-to-error"' in answer.text


def test_the_desk_page_is_for_who_may_manage(
    client: Callable[[Tenant], TenantClient], tenant_a: Tenant
) -> None:
    assert client(tenant_a).get("/meja/surel/").status_code == 303
