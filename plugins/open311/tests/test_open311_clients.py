"""Clients that others wrote work unchanged: `georeport` and `three`, over real HTTP."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from open311_city import SENT, Georeport

from superapp.testing.browser import Live


@pytest.fixture
def endpoint(city: Georeport, live: Live, at_home: None) -> str:
    """The endpoint's address."""
    return live.url(city.tenant, "/open311/v2")


@pytest.mark.parametrize("spelling", ["json", "xml"])
def test_georeport_finds_services_and_follows_requests(city: Georeport, endpoint: str, spelling: str) -> None:
    from georeport import GeoReport

    one, two = city.published(), city.published(service_code="WASTE.PILE")
    client = GeoReport(endpoint, api_key=city.key, output_format=spelling)
    assert "DRAIN.CLOG" in [each["service_code"] for each in client.get_service_list()]
    assert client.get_service_definition("DRAIN.CLOG")["service_code"] == "DRAIN.CLOG"
    found = client.get_service_requests(status="open", start_date="2026-11-01T00:00:00Z")
    assert {each["service_request_id"] for each in found} == {one, two}
    assert client.get_service_request(one)["service_name"] == "Got atau drainase mampet"


@pytest.fixture
def three_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`three` was written for Python 2: its caller gives it back what it imports."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    from three import Three

    return Three


def test_three_reports_with_a_picture_and_finds_it(city: Georeport, endpoint: str, three_of: Any) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(picture, "PNG")
    picture.seek(0)
    client = three_of(endpoint, api_key=city.key)
    sent = client.post(
        "DRAIN.CLOG",
        address=SENT["address_string"],
        description="Got mampet.",
        name="Warga Uji",
        media=picture,
    )
    assert sent[0]["service_request_id"].startswith("UJI-")
    number = city.published()
    assert [each["service_request_id"] for each in client.requests("DRAIN.CLOG", count=1)] == [number]
    assert client.request(number)[0]["status"] == "open"
    assert client.discovery()["endpoints"][0]["url"].endswith("/open311/v2")
    assert client.services("DRAIN.CLOG")["attributes"] == []


def test_three_polls_a_token(city: Georeport, endpoint: str, three_of: Any) -> None:
    city.settings(answer="token")
    client = three_of(endpoint, api_key=city.key)
    token = client.post("DRAIN.CLOG", address="Jalan Uji 3", description="Got mampet.")[0]["token"]
    assert client.token(token)[0]["service_request_id"].startswith("UJI-")
