"""The inbox: whose it is, in what order, narrowed how, and at what price."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

from sqlalchemy import event

from plugins.lapor import service
from plugins.lapor.contracts import Location
from plugins.lapor.jobs import clocks
from plugins.lapor.tests.desk_people import COUNTER, behind, lies, sits
from superapp.db.engine import db
from superapp.sdk import at_time, now
from superapp.testing.governments import TOKEN


@contextmanager
def statements(app):
    """The queries sent meanwhile, without those that only open a transaction."""
    sent: list[str] = []

    def note(connection, cursor, statement, *rest):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_visitor_is_sent_to_the_sign_in(client, tenant_a):
    answer = client(tenant_a).get("/meja/lapor/?box=all")
    assert answer.status_code == 303
    assert answer.location == "/meja/masuk?next=/meja/lapor/%3Fbox%3Dall"


def test_the_coordinator_begins_with_what_waits_for_verification(app, client, tenant_a):
    lies(app, tenant_a, title="Belum dibaca")
    lies(app, tenant_a, "DPUPR", title="Sudah diteruskan")
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get("/meja/lapor/").text
    assert "Belum dibaca" in page
    assert "Sudah diteruskan" not in page
    assert 'aria-current="page">Perlu verifikasi <span class="count">1</span>' in page
    assert "DLHK" in page  # the suggested unit


def test_a_liaison_sees_the_own_agency_and_nothing_of_others(app, client, tenant_a):
    lies(app, tenant_a, "DPUPR", title="Punya PUPR")
    lies(app, tenant_a, "DLHK", title="Punya DLHK")
    lies(app, tenant_a, title="Belum dibagi")
    browser = sits(app, client, tenant_a, "liaison", "DPUPR")
    for box in ("agency", "all", "overdue", "unverified", "mine"):
        page = browser.get(f"/meja/lapor/?box={box}").text
        assert "Punya DLHK" not in page
        assert "Belum dibagi" not in page
    assert "Punya PUPR" in browser.get("/meja/lapor/").text


def test_a_village_operator_sees_the_own_village(app, client, tenant_a):
    lies(app, tenant_a, title="Di Serangan")
    elsewhere = lies(app, tenant_a, title="Di Sumerta", location=Location(area_code="51.71.02.1001"))
    browser = sits(app, client, tenant_a, "operator", area="51.71.01.1001")
    page = browser.get("/meja/lapor/?box=all").text
    assert "Di Serangan" in page
    assert "Di Sumerta" not in page
    assert browser.get(f"/meja/lapor/{elsewhere.number}").status_code == 404


def test_rows_are_grouped_by_urgency_the_late_ones_first(app, client, tenant_a):
    with at_time(now() - timedelta(days=30)):
        lies(app, tenant_a, title="Lama sekali")
    lies(app, tenant_a, title="Baru saja")
    held = lies(app, tenant_a, title="Ditanyakan")
    with behind(app, tenant_a):
        service.hold(held.id, reason="menunggu", waiting_for="reporter", question="Rumah nomor berapa?")
        clocks.mark_late()
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get("/meja/lapor/?box=all").text
    parts = [">Lewat batas <", "Lama sekali", ">Nanti <", "Baru saja", ">Jam berhenti <", "Ditanyakan"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "clock-late" in page
    assert "ditanya: Rumah nomor berapa?" in page
    assert 'count-late">1</span>' in page


def test_filters_and_search_work_as_plain_get_forms(app, client, tenant_a):
    lies(app, tenant_a, title="Sampah pasar")
    lies(app, tenant_a, title="Lubang di tikungan", category="ROAD.POTHOLE", body="Lubang besar di tikungan.")
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    for query in ("category=ROAD.POTHOLE", "q=tikungan", "q=000002", "box=all&category=ROAD"):
        page = browser.get(f"/meja/lapor/?{query}").text
        assert "Lubang di tikungan" in page, query
        assert "Sampah pasar" not in page, query
    both = browser.get("/meja/lapor/?area=51.71.01&channel=web&status=received").text
    assert "Sampah pasar" in both
    assert "Lubang di tikungan" in both
    none = browser.get("/meja/lapor/?area=51.71.02").text
    assert "Tidak ada yang cocok" in none


def test_the_list_goes_on_by_keyset_without_repeating_a_row(app, client, tenant_a, monkeypatch):
    monkeypatch.setattr("plugins.lapor.desk.inbox.PAGE", 2)
    receipts = [lies(app, tenant_a, title=f"Laporan ke-{n}") for n in range(5)]
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    seen, path = [], "/meja/lapor/?box=unverified"
    while path:
        page = browser.get(path).text
        seen += [n for n in range(5) if f">Laporan ke-{n}</a>" in page]
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(onward[1]) if onward else ""
    assert seen == sorted(seen) == list(range(len(receipts)))


def test_a_broken_cursor_is_a_bad_request(app, client, tenant_a):
    assert sits(app, client, tenant_a, "coordinator").get("/meja/lapor/?after=x").status_code == 400


def test_an_empty_box_says_what_it_means(app, client, tenant_a):
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get("/meja/lapor/").text
    assert "Tidak ada yang menunggu" in page


def test_the_inbox_costs_at_most_four_queries_however_long_it_is(app, client, tenant_a):
    for n in range(30):
        lies(app, tenant_a, title=f"Laporan {n}")
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    browser.get("/meja/lapor/?box=all")  # fills the small reference caches
    with statements(app) as sent:
        page = browser.get("/meja/lapor/?box=all")
    asked = [each for each in sent if not each.startswith(("BEGIN", "SAVEPOINT", "SET"))]
    assert page.status_code == 200
    assert len(asked) <= 4, "\n".join(asked)


def test_the_other_government_never_shows(app, client, tenant_a, tenant_b):
    lies(app, tenant_b, title=f"Rahasia {TOKEN}")
    for role in ("coordinator", "leader"):
        page = sits(app, client, tenant_a, role).get("/meja/lapor/?box=all").text
        assert TOKEN not in page
