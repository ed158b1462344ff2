"""Writing down what somebody says: one page, few fields, and a receipt to hand over."""

from __future__ import annotations

import re

import pytest

from plugins.lapor import queries, service
from plugins.lapor.tests.desk_people import COUNTER, behind, sits

FORM = "/meja/lapor/catat"
SAID = {"channel": "phone", "body": "Sampah menumpuk tiga hari di depan pasar.", "address": "Pasar Serangan"}


def hand_in(browser, **fields):
    page = browser.get(FORM).text
    token, key = (re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf_token", "key"))
    return browser.post(FORM, data={"csrf_token": token, "key": key, **SAID, **fields})


def test_a_call_becomes_a_report_with_number_pin_and_claim_link(app, client, tenant_a):
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    page = hand_in(browser, name="Warga Uji", phone="0812 3456 7890")
    assert page.status_code == 201
    number = re.search(r"UJI-\d{4}-\d{6}", page.text)[0]
    pin = re.search(r'PIN</dt><dd class="num">(\d{6})<', page.text)[1]
    link = re.search(r'href="(http://[^"]+/lapor/klaim/[^"]+)"', page.text)[1]
    assert "<svg" in page.text.split("entered-claim")[1]
    with behind(app, tenant_a):
        view = service.desk_view(queries.id_of(number))
        assert service.enter(number, pin)
        assert service.claim_info(link.rsplit("/", 1)[1]) == number
    assert (view.case.channel, view.case.category_code) == ("phone", "WASTE.PILE")
    assert view.case.title == "Sampah menumpuk tiga hari di depan pasar"
    assert "no-store" in page.headers["Cache-Control"]


def test_sending_twice_makes_one_report(app, client, tenant_a):
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    key = {"key": "satu-kunci"}
    first, again = hand_in(browser, **key), hand_in(browser, **key)
    numbers = [re.search(r"UJI-\d{4}-\d{6}", page.text)[0] for page in (first, again)]
    assert numbers[0] == numbers[1]
    changed = hand_in(browser, **key, address="Tempat lain")
    assert changed.status_code == 409
    assert 'value="Tempat lain"' in changed.text
    assert "satu-kunci" not in changed.text  # a fresh key, so that sending again works


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("body", "", "Ceritakan apa yang terjadi."),
        ("channel", "web", "Pilih lewat mana laporan ini masuk."),
        ("phone", "bukan nomor", "Tulis nomor seperti"),
        ("category", "TIDAK.ADA", "Jenis ini tidak ada."),
        ("area", "99.99", "Wilayah ini tidak ada."),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_stays(app, client, tenant_a, field, value, message):
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    page = hand_in(browser, **{"name": "Warga Uji", field: value})
    assert page.status_code == 422
    assert message in page.text
    assert f'href="#f-{field}"' in page.text
    assert 'value="Warga Uji"' in page.text


def test_a_leaders_post_needs_its_link(app, client, tenant_a):
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    assert hand_in(browser, channel="social").status_code == 422
    taken = hand_in(browser, channel="social", source_url="https://sosial.example/p/1")
    number = re.search(r"UJI-\d{4}-\d{6}", taken.text)[0]
    assert 'href="https://sosial.example/p/1"' in browser.get(f"/meja/lapor/{number}").text


def test_the_channel_stays_chosen_for_the_next_one(app, client, tenant_a):
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    assert f'href="{FORM}?channel=whatsapp"' in hand_in(browser, channel="whatsapp").text
    assert 'value="whatsapp" checked' in browser.get(f"{FORM}?channel=whatsapp").text


def test_a_liaison_may_write_down_and_see_it_again_a_leader_may_not(app, client, tenant_a):
    unit = sits(app, client, tenant_a, "liaison", "DPUPR")
    number = re.search(r"UJI-\d{4}-\d{6}", hand_in(unit).text)[0]
    assert unit.get(f"/meja/lapor/{number}").status_code == 200
    leader = sits(app, client, tenant_a, "leader")
    assert leader.get(FORM).status_code == 403
    assert FORM not in leader.get("/meja/lapor/").text


def test_a_confidential_report_leaves_the_sight_of_who_wrote_it_down(app, client, tenant_a):
    unit = sits(app, client, tenant_a, "liaison", "DPUPR")
    page = hand_in(unit, category="INTEGRITY.EXTORTION", body="Diminta uang pelicin di loket.")
    assert page.status_code == 201
    number = re.search(r"UJI-\d{4}-\d{6}", page.text)[0]
    assert f"/meja/lapor/{number}" not in page.text
    assert unit.get(f"/meja/lapor/{number}").status_code == 404
