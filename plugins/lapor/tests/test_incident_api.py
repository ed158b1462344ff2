"""Looking for the same report, joining and leaving over the API; every refusal is problem+json."""

from __future__ import annotations

import pytest

from plugins.lapor import service
from plugins.lapor.tests.lapor_reports import draft

API = "/api/v1/lapor"
LOOK = {"text": "Sampah numpuk di depan pasar sudah tiga hari, bau sekali", "category": "WASTE.PILE"}
PLACE = {"address": "Jl Tukad Punggawa depan pasar", "lat": "-8.7344", "lng": "115.2352"}


@pytest.fixture
def known(acting, worker):
    with acting():
        receipt = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    return receipt


def test_what_is_probably_the_same_is_told_with_its_distance(client, tenant_a, known) -> None:
    (found,) = client(tenant_a).get(f"{API}/likely", query_string={**LOOK, **PLACE}).json
    assert found["number"] == known.number and found["reporters"] == 1 and found["metres"] < 40
    assert set(found) == {"number", "title", "category", "status", "metres", "day", "reporters"}


@pytest.mark.parametrize("odd", [{"lat": "nan"}, {"lat": "1e308"}, {"text": ""}, {"lng": "0"}, {"more": "x"}])
def test_odd_questions_are_refused_as_problems(client, tenant_a, odd) -> None:
    answer = client(tenant_a).get(f"{API}/likely", query_string={**LOOK, **PLACE, **odd})
    assert answer.status_code == 422 and answer.content_type == "application/problem+json"


def test_joining_gives_a_receipt_once_and_leaving_needs_its_pin(client, tenant_a, known) -> None:
    browser, key = client(tenant_a), {"Idempotency-Key": "satu"}
    made = browser.post(f"{API}/complaints/{known.number}/join", json={"text": "Di sini juga."}, headers=key)
    again = browser.post(f"{API}/complaints/{known.number}/join", json={"text": "Di sini juga."}, headers=key)
    assert made.status_code == 201 and made.json["number"] == again.json["number"] != known.number
    number, pin = made.json["number"], {"Complaint-Pin": made.json["pin"]}
    assert browser.post(f"{API}/complaints/{number}/leave", json={}, headers=pin).status_code == 200
    refused = browser.post(f"{API}/complaints/{number}/leave", json={}, headers=pin)
    assert refused.status_code == 409 and refused.content_type == "application/problem+json"
    for wrong in ("UJI-2026-999999", "x"):
        assert browser.post(f"{API}/complaints/{wrong}/join", json={}).status_code == 404
