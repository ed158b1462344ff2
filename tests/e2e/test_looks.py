"""Each page as people see it: both themes, phone and desk, looked over by axe and by ruler."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from superapp.context import Tenant
from superapp.testing.browser import Live

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}  # what 400 % zoom leaves of 1280
CITIZEN = (
    "/",
    "/lapor/buat",
    "/lapor/lacak",
    "/lapor/lacak/{number}",
    "/lapor/daftar",
    "/lapor/jenis",
    "/berita/",
    "/tidak-ada",
)
OFFICER = ("/meja/lapor/", "/meja/lapor/{number}", "/meja/lapor/catat", "/meja/akun")
ADMIN = ("/meja/pengaturan/layanan", "/meja/pengaturan/petugas", "/meja/pengaturan/peran")

SMALL_TARGETS = """least => {
  const kinds = 'a[href], button, summary, select, label.choice, input:not([type=hidden])';
  const inText = '.visually-hidden, .skip, p, figure, dd, .prose';
  return [...document.querySelectorAll(kinds)]
    .filter(each => each.getClientRects().length && !each.closest(inText) && !each.matches('.choice input'))
    .filter(each => getComputedStyle(each, '::after').position !== 'absolute')
    .map(each => [each, each.getBoundingClientRect()])
    .filter(([each, box]) => box.height < least || box.width < 24)
    .map(([each, box]) => `${each.tagName} ${each.textContent.trim()} ${box.width}x${box.height}`);
}"""


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def walk(page: Page, live: Live, tenant: Tenant, paths: tuple[str, ...], number: str = "") -> list[str]:
    wrong = []
    for path in paths:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.goto(live.url(tenant, path.format(number=number)))
            wrong += [f"{theme} {each}" for each in serious(page)]
        if overflow(page) > 0:
            wrong.append(f"{path} is {overflow(page)} px too wide")
        if page.locator("h1").count() != 1:
            wrong.append(f"{path} has {page.locator('h1').count()} h1")
    return wrong


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_citizens_pages_hold_in_both_themes(
    page: Page,
    live: Live,
    two_tenants: tuple[Tenant, Tenant],
    reported: Callable[[Tenant], str],
    size: dict[str, int],
) -> None:
    page.set_viewport_size(size)
    tenant = two_tenants[0]
    assert walk(page, live, tenant, CITIZEN, reported(tenant)) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_desk_holds_in_both_themes(
    page: Page,
    live: Live,
    tenant_a: Tenant,
    reported: Callable[[Tenant], str],
    sign_in: Callable[[Tenant, str], None],
    size: dict[str, int],
) -> None:
    page.set_viewport_size(size)
    number = reported(tenant_a)
    sign_in(tenant_a, "coordinator")
    assert walk(page, live, tenant_a, OFFICER, number) == []


def test_the_settings_hold_in_both_themes(
    page: Page, live: Live, tenant_a: Tenant, sign_in: Callable[[Tenant, str], None]
) -> None:
    page.set_viewport_size(DESK)
    sign_in(tenant_a, "admin")
    assert walk(page, live, tenant_a, ADMIN) == []


def test_nothing_is_cut_at_four_hundred_per_cent(
    page: Page, live: Live, tenant_a: Tenant, reported: Callable[[Tenant], str]
) -> None:
    page.set_viewport_size(NARROW)
    number = reported(tenant_a)
    too_wide = {}
    for path in CITIZEN:
        page.goto(live.url(tenant_a, path.format(number=number)))
        too_wide[path] = overflow(page)
    assert {path: wide for path, wide in too_wide.items() if wide > 0} == {}


@pytest.mark.parametrize("path", ["/", "/lapor/buat", "/lapor/lacak", "/lapor/daftar"])
def test_every_target_on_the_phone_is_large_enough(
    page: Page, live: Live, tenant_a: Tenant, path: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(live.url(tenant_a, path))
    assert page.evaluate(SMALL_TARGETS, 44) == []


@pytest.mark.parametrize("path", ["/", "/lapor/buat"])
def test_the_main_thing_is_seen_without_scrolling(
    page: Page, live: Live, tenant_a: Tenant, path: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(live.url(tenant_a, path))
    main = page.locator(".btn-field, textarea").first
    assert main.bounding_box()["y"] + main.bounding_box()["height"] < PHONE["height"]


def test_the_first_page_is_light_to_carry(page: Page, live: Live, tenant_a: Tenant) -> None:
    carried = []
    page.on("response", lambda answer: carried.append(len(answer.body())))
    page.goto(live.url(tenant_a), wait_until="networkidle")
    assert sum(carried) < 100_000, carried


def test_a_chosen_theme_stays_without_script(page: Page, live: Live, tenant_a: Tenant) -> None:
    page.goto(live.url(tenant_a))
    page.get_by_role("button", name="Gelap").click()
    page.goto(live.url(tenant_a, "/lapor/buat"))
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 25)"


def test_the_skip_link_is_first_and_leads_to_the_content(page: Page, live: Live, tenant_a: Tenant) -> None:
    page.goto(live.url(tenant_a))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_each_city_wears_its_own_colours(page: Page, live: Live, two_tenants: tuple[Tenant, Tenant]) -> None:
    for tenant in two_tenants:
        page.goto(live.url(tenant))
        shown = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()")
        assert shown == tenant.theme["light"]["brand"]
