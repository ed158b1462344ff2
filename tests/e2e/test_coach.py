"""Coaching in a real browser: questions and hints while typing, no line, a killed page, one tap each way."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPConnection

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect

from plugins.lapor import queries
from superapp.context import Tenant, tenant_scope
from superapp.testing.browser import Live
from tests.e2e.test_form_script import photo
from tests.e2e.test_looks import serious

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]

WORDS = "Jalan berlubang besar di tikungan."
PLACE = "Jalan Waribang 2, depan pasar"
RECEIPT = re.compile(r"/lapor/terkirim/")


@pytest.fixture
def form(page: Page, live: Live, tenant_a: Tenant) -> Page:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live.url(tenant_a, "/lapor/buat"))
    return page


def received(app: Flask, tenant: Tenant) -> int:
    with app.app_context(), tenant_scope(tenant):
        return queries.figures().received


def write(page: Page) -> None:
    page.fill("[name=body]", WORDS)
    expect(page.locator("[name='a-width']")).to_be_visible()
    page.fill("[name='a-width']", "40")
    page.check("[name='a-traffic'][value='Sebagian']")
    page.fill("[name=address]", PLACE)


def test_questions_and_hints_come_while_typing_and_never_stop_anybody(form: Page) -> None:
    form.fill("[name=body]", WORDS)
    expect(form.locator("[data-hints]")).to_contain_text("Sejak kapan?")
    expect(form.locator("[name='a-width']")).to_be_visible()
    assert serious(form) == []
    form.fill("[name='a-width']", "40")
    form.fill("[name=body]", WORDS + " Sejak Senin pagi.")
    expect(form.locator("[data-hints]")).not_to_contain_text("Sejak kapan?")
    expect(form.locator("[name='a-width']")).to_have_value("40")
    form.fill("[name=address]", PLACE)
    form.get_by_role("button", name="Kirim laporan").click()
    expect(form.locator("[data-summary]")).to_contain_text("Apakah jalan masih bisa dilewati?")
    expect(form.locator("[name='a-width']")).to_have_value("40")
    form.get_by_role("button", name="Kirim tanpa ini").click()
    form.wait_for_url(RECEIPT)


def test_a_draft_keeps_its_answers_and_photos_over_a_killed_page_and_is_gone_once_sent(
    form: Page, context: BrowserContext, live: Live, tenant_a: Tenant
) -> None:
    write(form)
    form.set_input_files("[name=photos]", [photo()])
    expect(form.locator(".shot")).to_have_count(1)
    expect(form.locator("[data-draft-say]")).to_have_text("Draf tersimpan")
    form.close()
    again = context.new_page()
    again.goto(live.url(tenant_a, "/lapor/buat"))
    expect(again.locator("[name='a-width']")).to_have_value("40")
    expect(again.locator("[name='a-traffic'][value='Sebagian']")).to_be_checked()
    expect(again.locator(".shot")).to_have_count(1)
    again.get_by_role("button", name="Kirim laporan").click()
    again.wait_for_url(RECEIPT)
    again.goto(live.url(tenant_a, "/lapor/buat"))
    expect(again.locator("[name=body]")).to_have_value("")
    expect(again.locator(".shot")).to_have_count(0)


def test_a_report_sent_without_a_line_survives_a_killed_page_and_arrives_once(
    app: Flask, form: Page, context: BrowserContext, live: Live, tenant_a: Tenant, quiet: list[str]
) -> None:
    form.evaluate("navigator.serviceWorker.ready.then(() => true)")
    form.reload()  # from here on the worker stands between
    write(form)
    form.fill("[name=phone]", "081234567890")
    form.set_input_files("[name=photos]", [photo()])
    expect(form.locator(".shot")).to_have_count(1)
    context.set_offline(True)
    form.get_by_role("button", name="Kirim laporan").click()
    expect(form.locator("[data-send-say]")).to_contain_text("Akan terkirim saat ada sinyal")
    form.close()
    again = context.new_page()
    again.goto(live.url(tenant_a, "/lapor/buat"))  # opens without a line
    expect(again.locator("[data-send-say]")).to_contain_text("Akan terkirim saat ada sinyal")
    expect(again.locator("[name=phone]")).to_have_value("")  # who reports is shown to nobody else
    assert received(app, tenant_a) == 0
    context.set_offline(False)
    again.wait_for_url(RECEIPT)
    assert received(app, tenant_a) == 1
    again.goto(live.url(tenant_a, "/lapor/buat"))
    expect(again.locator("[data-send-say]")).to_have_text("")
    quiet.clear()  # the browser itself complains of the lost line


def test_a_page_killed_between_sending_and_the_answer_comes_back_to_the_same_report(
    app: Flask, form: Page, context: BrowserContext, live: Live, tenant_a: Tenant, quiet: list[str]
) -> None:
    write(form)
    arrived: list[int] = []

    def swallow(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        line = HTTPConnection("127.0.0.1", live.port)
        headers = {**route.request.all_headers(), "host": f"{tenant_a.host}:{live.port}"}
        line.request("POST", "/lapor/buat", route.request.post_data_buffer, headers)
        arrived.append(line.getresponse().status)
        line.close()
        return route.abort()

    form.route("**/lapor/buat", swallow)
    form.get_by_role("button", name="Kirim laporan").click()
    expect(form.locator("[data-send-say]")).to_contain_text("Akan terkirim saat ada sinyal")
    assert (arrived, received(app, tenant_a)) == ([303], 1)
    form.close()
    again = context.new_page()
    again.goto(live.url(tenant_a, "/lapor/buat"))
    again.wait_for_url(RECEIPT)
    assert received(app, tenant_a) == 1
    quiet.clear()  # the browser itself complains of the lost answer


def test_an_officer_asks_with_one_tap_and_the_reporter_answers_with_one(
    form: Page, context: BrowserContext, live: Live, tenant_a: Tenant, sign_in: Callable[[Tenant, str], None]
) -> None:
    form.fill("[name=body]", WORDS)
    expect(form.locator("[name='a-width']")).to_be_visible()
    form.fill("[name=address]", PLACE)
    form.get_by_role("button", name="Kirim laporan").click()
    form.get_by_role("button", name="Kirim tanpa ini").click()
    form.wait_for_url(RECEIPT)
    number = form.url.rsplit("/", 1)[-1]
    own = context.cookies()
    sign_in(tenant_a, "coordinator")
    form.set_viewport_size({"width": 1280, "height": 800})
    form.goto(live.url(tenant_a, f"/meja/lapor/{number}"))
    box = form.locator("[name='ask-code'][value=traffic]")
    form.get_by_text("Tanya pelapor").first.click()
    box.check()
    assert serious(form) == []
    form.locator("form[action*='/tanya'] button[type=submit]").click()
    expect(form.locator("main")).to_contain_text("menunggu pelapor")
    form.goto(live.url(tenant_a, "/meja/lapor/pertanyaan"))
    assert serious(form) == []
    context.clear_cookies()
    context.add_cookies(own)
    form.set_viewport_size({"width": 360, "height": 800})
    form.goto(live.url(tenant_a, f"/lapor/lacak/{number}/saya"))
    assert serious(form) == []
    form.get_by_role("button", name="Sebagian").click()
    expect(form.locator("main")).to_contain_text("Keterangan tambahan")
    expect(form.locator("main")).to_contain_text("Sebagian")
    expect(form.locator("#tanya")).to_have_count(0)
