"""A mailbox over real TLS: each mail once, read without marking, marked after it was kept."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from plugins.surel.intake import imap, review
from plugins.surel.tests.imapserver import Folder, running
from plugins.surel.tests.letters import TO, letter
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.plugin import lifecycle
from superapp.tenancy import resolve


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    with running(tmp_path) as box:
        monkeypatch.setattr(imap, "trusted", lambda: ssl.create_default_context(cafile=str(box.certificate)))
        yield box


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, folder: Folder) -> Tenant:
    settings = {
        "mode": "file", "from_address": TO, "intake": "imap", "imap_host": "localhost",
        "imap_port": folder.port, "imap_user": "lapor", "imap_password": "uji",
    }  # fmt: skip
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        lifecycle.save_settings(tenant_a, "surel", settings)
    with app.app_context():
        fresh = resolve.by_slug(tenant_a.slug, fresh=True)
    assert fresh is not None
    return fresh


def came() -> list[tuple[str, str]]:
    return [(row.state, row.cause) for row in reversed(review.listing())]


def test_each_mail_is_taken_once_whatever_the_server_renumbers(
    app: Flask, tenant: Tenant, folder: Folder, worker: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mails = {3: letter(number="lama")}
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        imap.look()
    worker()
    folder.mails |= {4: letter(number="p1"), 5: b"\xff\xfe\x00 bukan surat", 6: letter(number="p3")}
    folder.sizes = {6: 99_000_000}
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        assert came() == [], "what lay there before stays with people"
        imap.fetch()
        assert came() == [("report", ""), ("review", "sender"), ("review", "too_large")]
        assert folder.seen == {4, 5, 6} and all("BODY[" not in said for said in folder.said)
        imap.fetch()
        assert len(came()) == 3
        folder.validity, folder.mails = 8, {1: letter(number="p1"), 2: letter(number="p4")}
        monkeypatch.setattr(imap, "BATCH", 1)
        imap.fetch()
    worker()
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        assert len(came()) == 4 and came()[-1] == ("report", ""), "new numbers, no doubles, all batches"
        assert review.mailboxes()[0].last_uid == 2


def test_a_mail_that_was_not_kept_is_not_marked_and_comes_again(
    app: Flask, tenant: Tenant, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        imap.fetch()
        folder.mails = {1: letter()}
        whole = imap.take

        def breaks(*_: object, **__: object) -> None:
            raise ConnectionResetError

        monkeypatch.setattr(imap, "take", breaks)
        imap.fetch()
        assert folder.seen == set() and review.mailboxes()[0].trouble == "ConnectionResetError"
        monkeypatch.setattr(imap, "take", whole)
        imap.fetch()
        assert folder.seen == {1} and came() == [("report", "")] and review.mailboxes()[0].trouble == ""
        for verb, trouble in (("LOGIN", "login"), ("SELECT", "folder"), ("SEARCH", "search")):
            folder.deaf = verb
            imap.fetch()
            assert review.mailboxes()[0].trouble == trouble
        folder.deaf = ""
        monkeypatch.setattr(imap, "trusted", ssl.create_default_context)
        imap.fetch()
        assert review.mailboxes()[0].trouble == "SSLCertVerificationError"
