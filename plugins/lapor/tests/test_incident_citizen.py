"""The pages of joining: with and without script, for the one who writes and for who comes by."""

from __future__ import annotations

import pytest

from plugins.lapor import service
from plugins.lapor.tests.lapor_reports import draft

BODY = "Sampah numpuk di depan pasar sudah tiga hari, bau sekali"
FORM = {
    "kind": "complaint",
    "body": BODY,
    "category": "WASTE.PILE",
    "address": "Jl Tukad Punggawa depan pasar",
}


@pytest.fixture
def known(acting, worker):
    with acting():
        receipt = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    return receipt


def sent(browser, path="/lapor/buat", **form):
    token = browser.token("/lapor/buat")
    data = {"csrf_token": token, **form}
    return browser.post(path, data=data, content_type="multipart/form-data")


def test_the_script_is_told_of_a_neighbour_in_words(client, tenant_a, known) -> None:
    query = {
        "teks": BODY,
        "jenis": "WASTE.PILE",
        "alamat": FORM["address"],
        "lat": "-8.7344",
        "lng": "115.2352",
    }
    (found,) = client(tenant_a).get("/lapor/mirip", query_string=query).json
    assert found["number"] == known.number and found["join"] == f"/lapor/ikut/{known.number}"
    assert "m dari sini" in found["head"] and "hari ini oleh 1 orang" in found["line"]
    for odd in ({"lat": "nan", "lng": "1e308"}, {"teks": "\x00" * 20}, {"lat": "x"}):
        assert client(tenant_a).get("/lapor/mirip", query_string={**query, **odd}).status_code == 200


def test_looking_for_neighbours_is_limited(client, tenant_a, app) -> None:
    browser = client(tenant_a)
    answers = [browser.get("/lapor/mirip?teks=lampu").status_code for _ in range(125)]
    assert answers[0] == 200 and answers[-1] == 429


def test_without_script_the_receipt_offers_and_one_tap_joins(client, tenant_a, known) -> None:
    browser = client(tenant_a)
    receipt = sent(browser, **FORM)
    page = browser.get(receipt.location)
    number = receipt.location.rsplit("/", 1)[1]
    assert "Ikut yang ini" in page.text and known.number in page.text
    token = browser.token(f"/lapor/lacak/{number}/saya")
    joined = browser.post(f"/lapor/lacak/{number}/ikut", data={"csrf_token": token, "other": known.number})
    own = browser.get(joined.location).text
    assert (
        "2 orang melaporkan ini" in own and "Diteruskan ke unit" not in own and "Pisahkan laporan saya" in own
    )
    assert "Ikut yang ini" not in own
    browser.post(f"/lapor/lacak/{number}/pisah", data={"csrf_token": token})
    assert "orang melaporkan ini" not in browser.get(joined.location).text


def test_a_refused_offer_is_not_made_again(client, tenant_a, known) -> None:
    browser = client(tenant_a)
    number = sent(browser, **FORM).location.rsplit("/", 1)[1]
    token = browser.token(f"/lapor/lacak/{number}/saya")
    browser.post(f"/lapor/lacak/{number}/bukan-ini", data={"csrf_token": token, "page": "receipt"})
    for page in (f"/lapor/terkirim/{number}", f"/lapor/lacak/{number}/saya"):
        assert "Ikut yang ini" not in browser.get(page).text


def test_who_comes_by_joins_with_an_empty_form(client, tenant_a, known) -> None:
    browser = client(tenant_a)
    assert f"/lapor/ikut/{known.number}" in browser.get(f"/lapor/lacak/{known.number}").text
    assert "Ikut melaporkan" in browser.get(f"/lapor/ikut/{known.number}").text
    receipt = sent(browser, f"/lapor/ikut/{known.number}")
    assert receipt.status_code == 303 and "big-code pin" in browser.get(receipt.location).text
    assert "2 orang melaporkan ini" in client(tenant_a).get(f"/lapor/lacak/{known.number}").text


def test_the_whole_report_form_may_be_sent_to_join(client, tenant_a, known) -> None:
    browser = client(tenant_a)
    receipt = sent(browser, f"/lapor/ikut/{known.number}", **FORM, phone="0812 3456 7890", key="abc")
    number = receipt.location.rsplit("/", 1)[1]
    assert BODY in browser.get(f"/lapor/lacak/{number}/saya").text
    refused = sent(browser, f"/lapor/ikut/{known.number}", **FORM, secret="1")
    assert refused.status_code == 422 and BODY in refused.text
    wrong = sent(browser, f"/lapor/ikut/{known.number}", body="Sama di sini.", phone="12")
    assert wrong.status_code == 422 and "Sama di sini." in wrong.text


def test_nobody_joins_what_is_secret_or_unknown(client, tenant_a, acting) -> None:
    with acting():
        hidden = service.submit(draft(secret=True))
    for number in (hidden.number, "UJI-2026-999999", "x"):
        assert client(tenant_a).get(f"/lapor/ikut/{number}").status_code == 404
        assert sent(client(tenant_a), f"/lapor/ikut/{number}").status_code == 404
