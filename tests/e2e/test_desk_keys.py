"""Single-letter keys at the desk: on lists and cases, never while typing, and they can be switched off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from superapp.context import Tenant

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]


@pytest.fixture
def inbox(
    page: Page,
    tenant_a: Tenant,
    reported: Callable[[Tenant], str],
    sign_in: Callable[[Tenant, str], None],
) -> Page:
    page.set_viewport_size({"width": 1280, "height": 800})
    reported(tenant_a)
    sign_in(tenant_a, "coordinator")
    expect(page.locator("[data-row]")).to_have_count(1)
    return page


def test_j_moves_to_a_row_and_enter_opens_it(inbox: Page) -> None:
    inbox.keyboard.press("j")
    expect(inbox.locator(".inbox-row.is-focused")).to_have_count(1)
    inbox.keyboard.press("Enter")
    expect(inbox.locator(".case")).to_be_visible()


def test_a_slash_leads_to_the_search_and_letters_typed_there_are_only_letters(inbox: Page) -> None:
    inbox.keyboard.press("/")
    inbox.keyboard.type("jx?")
    expect(inbox.locator("#search")).to_have_value("jx?")
    expect(inbox.locator(".is-focused, dialog[open]")).to_have_count(0)


def test_a_question_mark_lists_the_keys_that_the_page_has(inbox: Page) -> None:
    inbox.keyboard.press("?")
    listed = inbox.locator("dialog.keys kbd").all_inner_texts()
    assert {"J", "K", "/"} <= set(listed)
    inbox.keyboard.press("Escape")
    expect(inbox.locator("dialog")).to_have_count(0)


def test_keys_that_are_switched_off_do_nothing(inbox: Page) -> None:
    inbox.keyboard.press("?")
    inbox.get_by_label("Matikan pintasan satu huruf").check()
    inbox.get_by_role("button", name="Tutup").click()
    inbox.keyboard.press("j")
    expect(inbox.locator(".is-focused")).to_have_count(0)
