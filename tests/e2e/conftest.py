"""What the browser tests share: a signed-in officer, one report, and an eye on the console."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from plugins.lapor.service import reference
from plugins.lapor.service.time import calendars
from superapp.context import Tenant, tenant_scope
from superapp.identity import officers, roles
from superapp.plugin.registry import registry
from superapp.testing.browser import Live

PASSWORD = "kata sandi yang panjang"
REPORT = {
    "kind": "complaint",
    "body": "Lampu jalan mati tiga tiang berturut-turut sejak Minggu malam.",
    "address": "Jl. Contoh 12, depan pasar",
}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser that reads Indonesian."""
    return {**browser_context_args, "locale": "id-ID"}


@pytest.fixture(autouse=True)
def _fresh_copies() -> None:
    """Limits and calendars that a test just before this one changed must not be remembered here."""
    reference.forget()
    calendars.forget()


@pytest.fixture
def reported(client: Callable[..., object]) -> Callable[[Tenant], str]:
    """`reported(tenant)` sends one report without script and answers its number."""

    def send(tenant: Tenant) -> str:
        answer = client(tenant).submit("/lapor/buat", {**REPORT, "key": f"uji-{tenant.slug}"})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.location.rstrip("/").rsplit("/", 1)[-1]

    return send


@pytest.fixture
def sign_in(app: Flask, live: Live, page: Page) -> Callable[[Tenant, str], None]:
    """`sign_in(tenant, "coordinator")` leaves the page on the desk."""

    def enter(tenant: Tenant, role: str) -> None:
        login = f"petugas-{role}"
        with app.app_context(), tenant_scope(tenant):
            roles.seed_roles(tenant, registry().permissions.values())
            officers.ensure_officer(login, f"Jabatan {role}", role, password=PASSWORD, second_factor=False)
        page.goto(live.url(tenant, "/meja/masuk"))
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: not url.endswith("/meja/masuk"))

    return enter


@pytest.fixture
def quiet(context: BrowserContext) -> Iterator[list[str]]:
    """Fails the test when a page complained: a script error, or something the policy forbade."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # A refused answer is what some tests ask for; the browser calls that an error, too.
        if message.type == "error" and "status of 4" not in message.text:
            said.append(f"{message.location.get('url')}: {message.text}")

    context.on("console", listen)
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield said
    assert said == []
