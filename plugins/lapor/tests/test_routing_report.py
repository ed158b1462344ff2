"""The weekly report and its page: shares with their base, alarms that are sent once, versions to choose."""

from datetime import UTC, date, datetime, timedelta

import pytest
from desk_people import behind, lies, sits, step
from sqlalchemy import select, text

from plugins.lapor.jobs import routing as jobs
from plugins.lapor.models import Complaint, RoutingDecision, RoutingModel
from plugins.lapor.service.routing import report, versions
from superapp.sdk import at_time, directory, new_id, session, work

MONDAY = date(2026, 6, 1)
END = datetime(2026, 6, 7, 16, tzinfo=UTC)  # midnight at UTC+8 after the Sunday


def decide(days_ago: float, first: str, owner: str, how: str = "officer", strength: int = 3) -> None:
    """A case that was decided so many days before the week's end; inside of work()."""
    codes = directory.agencies_by_code()
    at = END - timedelta(days=days_ago)
    case = Complaint(
        number=f"UJI-{new_id().hex[-12:]}", kind="complaint", title="Uji", body="Uji", status="in_progress",
        agency_id=codes[owner].id, received_at=at, updated_at=at, due_from=at, due_at=at + timedelta(days=3),
    )  # fmt: skip
    session().add(case)
    session().flush()
    session().add(
        RoutingDecision(
            complaint_id=case.id, at=at, how=how, source="model", first_id=codes[first].id, strength=strength,
            chosen_id=codes[owner].id, place=1 if first == owner else 0,
        )
    )  # fmt: skip


@pytest.fixture
def fallen(acting):
    """DLHK was recognised in 27 of 30 cases, and is in 10 of 25 now; DPUPR stays as it was."""
    with at_time(END + timedelta(days=1)), acting(), work():
        for place in range(30):
            decide(40 + place % 20, "DLHK" if place % 10 else "DPUPR", "DLHK")
            decide(40 + place % 20, "DPUPR", "DPUPR")
        for place in range(25):
            decide(1 + place % 20, "DLHK" if place < 10 else "DPUPR", "DLHK")
            decide(1 + place % 20, "DPUPR", "DPUPR", strength=2)


@pytest.fixture
def letters(monkeypatch):
    """The messages that a report sends."""
    sent: list = []
    monkeypatch.setattr(report, "notify", sent.append)
    return sent


def test_a_fall_is_told_once_with_what_the_shares_are_made_of(acting, fallen, letters) -> None:
    with at_time(END + timedelta(days=1)), acting():
        assert report.last_week() == MONDAY
        jobs.weekly()
        jobs.weekly()
        (found,) = report.reports()
        assert (found.week, found.cases, found.suggested, found.first) == (MONDAY, 50, 50, 35)
        assert (found.strong, found.strong_right) == (25, 10)
        dlhk = next(each for each in found.units if each.code == "DLHK")
        assert (dlhk.right, dlhk.cases, dlhk.right_before, dlhk.cases_before) == (10, 25, 27, 30)
        (alarm,) = found.alarms
        assert (alarm["kind"], alarm["code"]) == ("recall", "DLHK")
        (letter,) = letters
        assert "dikenali 10 dari 25" in letter.text and letter.to == "kominfo@uji.example"
        assert report.unread() == 1
        report.read(MONDAY)
        assert report.unread() == 0


def test_few_cases_or_a_small_fall_are_no_alarm(acting, letters) -> None:
    with at_time(END + timedelta(days=1)), acting():
        with work():
            for _ in range(19):
                decide(40, "DLHK", "DLHK")
                decide(1, "DPUPR", "DLHK")
            for place in range(40):
                decide(40, "DPUPR", "DPUPR")
                decide(1, "DPUPR" if place % 10 else "DLHK", "DPUPR")
        assert report.write()
        assert report.reports()[0].alarms == () and letters == []


def test_a_week_without_decisions_has_no_report(acting) -> None:
    with acting():
        assert not report.write(MONDAY) and report.reports() == ()


def test_sending_alone_is_stopped_when_it_is_surely_worse_than_promised(acting, in_use) -> None:
    with at_time(END + timedelta(days=1)), acting():
        in_use()
        with work():
            for place in range(30):
                decide(2, "DLHK", "DLHK" if place % 3 else "DPUPR", how="system")
        assert report.write()
        found = report.reports()[0]
        assert (found.alone, found.alone_right) == (30, 20)
        assert [each["kind"] for each in found.alarms] == ["alone"]
        assert versions.versions()[0].paused
        with work():
            versions.activate(session().scalars(select(RoutingModel)).one(), "uji")
        assert not versions.versions()[0].paused, "using a version again begins anew"


def test_the_page_says_what_was_found_and_lets_the_coordinator_act(
    app, client, tenant_a, fallen, acting
) -> None:
    browser = sits(app, client, tenant_a, "coordinator")
    assert "Belum ada model" in browser.get("/meja/lapor/penerusan").text
    with at_time(END + timedelta(days=1)), behind(app, tenant_a):
        report.write()
        with work():
            session().add(
                RoutingModel(id=new_id(), rows=60, later=12, measures={"first": 0.75, "three": 0.9})
            )
        report._kept.clear()
    page = browser.get("/meja/lapor/penerusan").text
    assert "Saran pertama benar 70% dari 50 laporan" in page
    assert "dikenali 10 dari 25 laporan, sebelumnya 27 dari 30" in page
    assert "benar 75%, tiga saran 90%, dari 12 laporan lebih baru" in page
    token = browser.token("/meja/akun")
    assert browser.post("/meja/lapor/penerusan/latih", data={"csrf_token": token}).status_code == 303
    assert browser.post("/meja/lapor/penerusan/latih", data={"csrf_token": token}).status_code == 303
    with behind(app, tenant_a):
        waiting = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE args->>'job' = 'lapor.learn'"
        assert session().execute(text(waiting)).scalar() == 1
        candidate = session().scalars(select(RoutingModel.id)).one()
    refused = browser.post(f"/meja/lapor/penerusan/versi/{candidate}", data={"csrf_token": token})
    assert refused.status_code == 409 and "tidak bisa dipakai" in refused.text
    bad = browser.post("/meja/lapor/penerusan/dibaca", data={"csrf_token": token, "week": "kemarin"})
    assert bad.status_code == 400
    read = browser.post(
        "/meja/lapor/penerusan/dibaca", data={"csrf_token": token, "week": MONDAY.isoformat()}
    )
    assert read.status_code == 303
    assert "Sudah saya baca" not in browser.get("/meja/lapor/penerusan").text


def test_who_may_only_look_finds_no_buttons(app, client, tenant_a) -> None:
    leader = sits(app, client, tenant_a, "leader")
    page = leader.get("/meja/lapor/penerusan")
    assert page.status_code == 200 and "/penerusan/latih" not in page.text
    assert sits(app, client, tenant_a, "liaison", "DLHK").get("/meja/lapor/penerusan").status_code == 403


def test_the_case_shows_the_evidence_and_what_went_on_alone(app, client, tenant_a, in_use, acting) -> None:
    with acting():
        in_use()
    words = {"title": "Aspal rusak", "body": "Aspal rusak parah dekat sekolah", "category": None}
    receipt = lies(app, tenant_a, **words)
    browser = sits(app, client, tenant_a, "coordinator")
    page = browser.get(f"/meja/lapor/{receipt.number}").text
    assert "laporan serupa, saran pertama benar" in page and "240 keputusan petugas" in page
    with behind(app, tenant_a):
        from plugins.lapor.service.triage import hand_over

        unit = directory.agencies_by_code()["DPUPR"].id
        hand_over(receipt.id, unit, why="Diteruskan otomatis: uji.", sure=0.98)
    page = browser.get(f"/meja/lapor/{receipt.number}").text
    assert "Diteruskan oleh sistem, tanpa petugas." in page and "Tarik kembali" in page
    empty = step(browser, receipt, "tarik", 2, recall__reason="")
    assert empty.status_code == 422 and "recall-reason" in empty.text
    done = step(browser, receipt, "tarik", 2, recall__reason="Ini jalan nasional.")
    assert done.status_code == 303
    page = browser.get(f"/meja/lapor/{receipt.number}").text
    assert "Diteruskan oleh sistem" not in page and "teruskan ke unit" in page


FILL = """
INSERT INTO lapor.routing_decision (
    tenant_id, id, complaint_id, at, how, source, strength, sure, first_id, chosen_id, place)
SELECT c.tenant_id, gen_random_uuid(), c.id, now() - n * interval '1 minute', 'officer', 'model', 1 + n % 3,
    0.5, a.id, a.id, 1
FROM lapor.complaint c
JOIN core.agency a ON a.tenant_id = c.tenant_id AND a.code IN ('DLHK', 'DPUPR', 'DISKOMINFO'),
generate_series(1, 8000) n
"""


def test_lookups_use_an_index_among_many_decisions(app, tenant_a, admin_connection) -> None:
    receipt = lies(app, tenant_a)
    admin_connection.execute(FILL)
    admin_connection.execute("ANALYZE lapor.routing_decision")
    with behind(app, tenant_a):
        unit = directory.agencies_by_code()["DLHK"].id
        asked = {
            "like": f"SELECT id FROM lapor.routing_decision WHERE first_id = '{unit}' AND source = 'model' "
            "AND strength = 3 ORDER BY at DESC LIMIT 300",
            "case": f"SELECT id FROM lapor.routing_decision WHERE complaint_id = '{receipt.id}' "
            "ORDER BY at DESC LIMIT 1",
            "since": "SELECT count(*) FROM lapor.routing_decision WHERE at > now() - interval '1 hour'",
            "active": "SELECT id FROM lapor.routing_model WHERE state = 'active'",
        }
        for name, query in asked.items():
            plan = "\n".join(row[0] for row in session().execute(text(f"EXPLAIN {query}")))
            assert "Seq Scan on routing_decision" not in plan, (name, plan)
