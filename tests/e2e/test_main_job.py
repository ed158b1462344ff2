"""Report, route, handle, answer, solved: in both governments, phone and desk, with and without script."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers
from superapp.testing.browser import Live
from tests.e2e.conftest import PASSWORD
from tests.e2e.steps import close, handle, report

SIZES = {"phone": {"width": 360, "height": 800}, "desk": {"width": 1280, "height": 800}}


@pytest.fixture
def people(app: Flask, two_tenants: tuple[Tenant, Tenant]) -> None:
    for tenant in two_tenants:
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            for login, role, agency in (("meja", "coordinator", None), ("dlhk", "liaison", "DLHK")):
                officers.ensure_officer(login, login, role, agency, password=PASSWORD, second_factor=False)


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", SIZES)
def test_a_report_finds_its_agency_and_the_reporter_closes_it(
    browser: Browser, live: Live, people: None, two_tenants: tuple[Tenant, Tenant], size: str, script: bool
) -> None:
    other = two_tenants[1]
    for tenant in two_tenants:
        context = browser.new_context(
            java_script_enabled=script,
            viewport=SIZES[size],
            locale="id-ID",  # type: ignore[arg-type]
        )
        page = context.new_page()
        number, pin = report(page, live, tenant)
        handle(page, live, tenant, number)
        close(page, live, tenant, number, pin)
        if tenant is not other:
            answer = page.goto(live.url(other, f"/lapor/lacak/{number}"))
            assert answer is not None and answer.status == 404, "the other city sees nothing of it"
        context.close()
