"""What script adds to the report form; that the form works without it is tested with the form."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from superapp.context import Tenant
from superapp.testing.browser import Live
from tests.e2e.conftest import REPORT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]

RECEIPT = re.compile(r"/lapor/terkirim/")


def photo(name: str = "a.jpg") -> dict[str, object]:
    """A noisy picture of several megabytes, as a phone takes it."""
    made = io.BytesIO()
    Image.effect_noise((3000, 2000), 80).convert("RGB").save(made, "JPEG", quality=95)
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


@pytest.fixture
def form(page: Page, live: Live, tenant_a: Tenant) -> Page:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live.url(tenant_a, "/lapor/buat"))
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Kirim laporan").click()


def test_a_draft_outlives_the_page_but_not_who_wrote_it(form: Page) -> None:
    form.fill("[name=body]", REPORT["body"])
    form.fill("[name=phone]", "081234567890")
    expect(form.locator("[data-draft-say]")).to_have_text("Draf tersimpan")
    form.reload()
    expect(form.locator("[name=body]")).to_have_value(REPORT["body"])
    expect(form.locator("[name=phone]")).to_have_value("")


def test_a_sent_report_leaves_no_draft(form: Page, live: Live, tenant_a: Tenant) -> None:
    form.fill("[name=body]", REPORT["body"])
    form.fill("[name=address]", REPORT["address"])
    send(form)
    form.wait_for_url(RECEIPT)
    form.goto(live.url(tenant_a, "/lapor/buat"))
    expect(form.locator("[name=body]")).to_have_value("")


def test_a_photo_is_shown_made_smaller_and_can_be_removed(form: Page) -> None:
    original = photo()
    form.set_input_files("[name=photos]", [original, photo("b.jpg")])
    expect(form.locator(".shot")).to_have_count(2)
    form.locator(".shot button").first.click()
    expect(form.locator(".shot")).to_have_count(1)
    form.fill("[name=body]", REPORT["body"])
    form.fill("[name=address]", REPORT["address"])
    with form.expect_request(lambda request: request.method == "POST") as sent:
        send(form)
    form.wait_for_url(RECEIPT)
    assert int(sent.value.all_headers()["content-length"]) < len(original["buffer"]) / 2


def test_an_error_keeps_the_photos_and_leads_to_the_summary(form: Page) -> None:
    form.set_input_files("[name=photos]", [photo()])
    expect(form.locator(".shot")).to_have_count(1)
    form.fill("[name=body]", "Lampu")
    send(form)
    expect(form.locator("[data-summary]")).to_be_focused()
    expect(form.locator(".shot")).to_have_count(1)
    expect(form.locator("[name=body]")).to_have_value("Lampu")


def test_without_a_signal_it_waits_and_then_sends_once(
    form: Page, context: BrowserContext, quiet: list[str]
) -> None:
    form.fill("[name=body]", REPORT["body"])
    form.fill("[name=address]", REPORT["address"])
    context.set_offline(True)
    send(form)
    expect(form.locator("[data-send-say]")).to_contain_text("Akan terkirim saat ada sinyal")
    context.set_offline(False)
    form.wait_for_url(RECEIPT)
    quiet.clear()  # the browser itself complains of the lost line


def test_a_tap_on_the_map_sets_the_point_and_the_place_of_the_phone_does_too(
    form: Page, context: BrowserContext
) -> None:
    drawing = form.locator("svg[data-map]")
    if drawing.count() == 0:
        pytest.skip("the tests' government has too few villages with a point to draw")
    drawing.click(position={"x": 160, "y": 120})
    tapped = form.input_value("[name=lat]")
    assert -11.5 < float(tapped) < 6.5
    north, south = (float(drawing.get_attribute(f"data-{side}")) for side in ("north", "south"))
    east, west = (float(drawing.get_attribute(f"data-{side}")) for side in ("east", "west"))
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": (north + south) / 2, "longitude": (east + west) / 2})
    form.locator("[data-locate]").click()
    expect(form.locator("[data-locate-say]")).to_contain_text("Lokasi ditemukan")
    assert float(form.input_value("[name=lat]")) == pytest.approx((north + south) / 2, abs=1e-5)


def test_a_second_press_does_not_send_twice(form: Page) -> None:
    posts = []
    form.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    form.fill("[name=body]", REPORT["body"])
    form.fill("[name=address]", REPORT["address"])
    form.get_by_role("button", name="Kirim laporan").dblclick()
    form.wait_for_url(RECEIPT)
    assert len(posts) == 1
