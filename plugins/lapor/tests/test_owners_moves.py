"""Outside owners that are followed here, and open cases of a closed unit that are moved after review."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from lapor_reports import draft

from plugins.lapor import notices, service
from plugins.lapor.contracts import Order
from plugins.lapor.jobs import outside as outside_jobs
from plugins.lapor.jobs import owners as owner_jobs
from plugins.lapor.jobs import tidy
from plugins.lapor.service import reference
from plugins.lapor.service.owners import batch, move, outside
from plugins.lapor.tests.desk_people import behind, sits
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, at_time, directory

DESK = ("coordinator", "DISKOMINFO")
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def handed(acting, *units: str, **changes):
    with acting():
        receipt = service.submit(draft(**changes))
    with acting(*DESK):
        service.dispose(receipt.id, units=[Order(unit) for unit in units])
    return receipt


def close_dlhk(admin_connection, *, taker: str = "DPUPR") -> None:
    """DLHK ended yesterday; a reorganisation says who took over."""
    last = date.today() - timedelta(days=1)
    admin_connection.execute("UPDATE core.agency SET valid_to = %s WHERE code = 'DLHK'", (last,))
    if taker:
        admin_connection.execute(
            "INSERT INTO lapor.reorganisation"
            " (tenant_id, id, from_agency_id, to_agency_id, on_date, document)"
            " SELECT a.tenant_id, gen_random_uuid(), a.id, b.id, %s, 'Perda 4/2026' FROM core.agency a"
            " JOIN core.agency b ON b.tenant_id = a.tenant_id AND b.code = %s WHERE a.code = 'DLHK'",
            (last, taker),
        )
    directory.forget()
    reference.forget()


def test_news_from_outside_is_told_here_until_the_reporter_decides(acting) -> None:
    with acting():
        receipt = service.submit(draft())
    with acting(*DESK):
        service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.", external_id="BJN-7")
        with pytest.raises(Invalid) as refused:
            service.hear(receipt.id, heard="progress", text="x", source="")
        assert refused.value.errors[0].field == "source"
        told = {"text": "Dijadwalkan Mei.", "source": "Surat 12/2026", "external_id": "BJN-8"}
        assert service.hear(receipt.id, heard="progress", **told).status == "forwarded"
        assert "hear" in service.desk_view(receipt.id).actions
    with acting():
        seen = service.public_view(receipt.number)
        unit = seen.units[0]
        assert (unit.agency.code, unit.outside, unit.external_id, unit.state) == (
            "BPJN",
            True,
            "BJN-8",
            "working",
        )
        assert seen.timeline[0].data["source"] == "Surat 12/2026"
    with acting(*DESK):
        done = service.hear(receipt.id, heard="closing", text="Sudah ditambal.", source="Situs")
        assert done.status == "answered"
        assert tidy.drift() == {}
    with acting():
        assert service.confirm(receipt.ticket, solved=False, text="Masih lubang.").status == "forwarded"


def test_an_outside_owner_that_returns_it_leaves_the_decision_to_the_desk(acting) -> None:
    with acting():
        receipt = service.submit(draft())
    with acting(*DESK):
        service.forward(receipt.id, agency_code="BPJN")
        done = service.hear(receipt.id, heard="return", text="Bukan jalan nasional.", source="Telepon")
        assert (done.status, service.desk_view(receipt.id).bounces) == ("returned", 1)


def test_own_and_outside_units_share_a_case(acting) -> None:
    receipt = handed(acting, "DLHK", "BPJN")
    with acting("liaison", "DLHK"):
        assert service.answer(receipt.id, text="Bagian kami selesai.").status == "forwarded"
    with acting(*DESK):
        assert service.hear(receipt.id, heard="answer", text="Selesai.", source="Surat").status == "answered"
        assert tidy.drift() == {}


def test_a_silent_outside_owner_is_noted_once_in_its_time(acting, worker, monkeypatch) -> None:
    sent: list = []
    monkeypatch.setattr(outside, "notify", sent.append)
    with at_time(MONDAY), acting():
        receipt = service.submit(draft())
    with at_time(MONDAY), acting(*DESK):
        service.forward(receipt.id, agency_code="BPJN")
    for days, count in ((13, 0), (15, 1), (16, 1), (30, 2)):
        with at_time(MONDAY + timedelta(days=days)), acting(*DESK):
            outside_jobs.ask_silent()
            outside_jobs.ask_silent()
            notes = service.desk_view(receipt.id).notes
            assert sum(each.type == "outside_silent" for each in notes) == count
    assert [each.to for each in sent] == ["kominfo@uji.example"] * 2


def test_a_part_moves_with_its_answer_clock_and_what_hangs_on_it(acting) -> None:
    receipt = handed(acting, "DLHK", "DPUPR")
    with acting("liaison", "DLHK"):
        service.pass_on(receipt.id, agency_code="KEL-SERANGAN", instruction="Cek.")
    with acting(*DESK):
        before = service.desk_view(receipt.id)
        part = next(each for each in before.assignments if each.agency.code == "DLHK")
        move.move_part(receipt.id, part.id, "DISKOMINFO", document="Perda 4/2026", by="Koordinator")
        seen = service.desk_view(receipt.id)
        found = {each.agency.code: each for each in seen.assignments if each.active}
        assert (seen.case.agency.code, found["DISKOMINFO"].role) == ("DISKOMINFO", "owner")
        assert found["DISKOMINFO"].deadline == part.deadline or found["DISKOMINFO"].deadline is not None
        assert found["KEL-SERANGAN"].parent_id == found["DISKOMINFO"].id
        assert seen.case.timeline[0].data["document"] == "Perda 4/2026"
        with pytest.raises(Conflict):
            move.move_part(receipt.id, part.id, "DISKOMINFO", document="x", by="x")
        assert tidy.drift() == {}


def test_a_unit_that_takes_over_a_part_beside_its_own_has_one(acting) -> None:
    receipt = handed(acting, "DLHK", "DPUPR")
    with acting(*DESK):
        part = service.desk_view(receipt.id).assignments[0]
        move.move_part(receipt.id, part.id, "DPUPR", document="Perda 4/2026", by="Koordinator")
        active = [each for each in service.desk_view(receipt.id).assignments if each.active]
        assert [(each.agency.code, each.role) for each in active] == [("DPUPR", "owner")]
        assert tidy.drift() == {}


def test_cases_of_a_closed_unit_move_only_after_review_and_an_interrupted_batch_goes_on(
    acting, worker, admin_connection, monkeypatch
) -> None:
    receipts = [handed(acting, "DLHK", title=f"Laporan {n}") for n in range(3)]
    with acting("liaison", "DLHK"):
        service.answer(receipts[2].id, text="Sudah diangkut.")
    with acting(*DESK):
        with pytest.raises(Invalid):
            batch.prepare("DLHK")
    close_dlhk(admin_connection)
    with acting(*DESK):
        owner_jobs.find_stuck()
        assert sum(batch.stuck().values()) == 3
        batch_id = batch.prepare("DLHK")
        assert batch.prepare("DLHK") == batch_id
        seen = batch.view(batch_id)
        assert {(each.to.code, each.why) for each in seen.items} == {("DPUPR", "Perda 4/2026")}
        with pytest.raises(Invalid):
            batch.apply(batch_id)
        choices = {each.id: (place != 0, each.to.code) for place, each in enumerate(seen.items)}
        choices[seen.items[1].id] = (True, "DISKOMINFO")
        batch.save(batch_id, choices, document="Perda 4/2026")
        assert batch.apply(batch_id) == 2
    killed = []
    real = move.move_part

    def dies_after_one(*args, **facts):
        if killed:
            raise SystemExit
        killed.append(1)
        return real(*args, **facts)

    with acting(*DESK), monkeypatch.context() as patch:
        patch.setattr(batch, "move_part", dies_after_one)
        with pytest.raises(SystemExit):
            batch.run(batch_id)
    with acting(*DESK):
        assert batch.view(batch_id).totals == {"listed": 1, "approved": 1, "done": 1}
    worker()
    with acting(*DESK):
        owner_jobs.move(str(batch_id))
        seen = batch.view(batch_id)
        assert (seen.totals, seen.closed) == ({"listed": 1, "done": 2}, False)
        assert sum(batch.stuck().values()) == 1
        moved = [
            each.agency.code for r in receipts for each in service.desk_view(r.id).assignments if each.active
        ]
        assert sorted(moved) == ["DISKOMINFO", "DLHK", "DPUPR"]
        states = [service.desk_view(each.id).case.status for each in receipts]
        assert states == ["dispositioned", "dispositioned", "answered"]
        assert tidy.drift() == {}


def test_without_a_reorganisation_the_rules_of_today_propose(acting, admin_connection) -> None:
    receipt = handed(acting, "DLHK", category="DRAIN.CLOG")
    close_dlhk(admin_connection, taker="")
    with acting(*DESK):
        seen = batch.view(batch.prepare("DLHK"))
        assert [(each.number, each.to.code) for each in seen.items] == [(receipt.number, "DPUPR")]


def test_only_the_coordinator_moves_cases(acting, admin_connection) -> None:
    close_dlhk(admin_connection)
    with acting("liaison", "DPUPR"):
        with pytest.raises(Forbidden):
            batch.prepare("DLHK")
    with acting(*DESK), pytest.raises(NotFound):
        batch.prepare("NONE")


def test_the_pages_of_the_batch_and_of_outside_owners(
    app, client, acting, tenant_a, worker, admin_connection
) -> None:
    receipt = handed(acting, "DLHK")
    with acting():
        other = service.submit(draft(title="Jalan berlubang besar"))
    with acting(*DESK):
        service.forward(other.id, agency_code="BPJN", text="Jalan nasional.")
    close_dlhk(admin_connection)
    browser = sits(app, client, tenant_a, *DESK)
    assert "Jalan berlubang besar" in browser.get("/meja/lapor/luar").text
    assert "Satu bagian laporan masih di unit" in browser.get("/meja/lapor/unit").text
    token = browser.token("/meja/akun")
    made = browser.post("/meja/lapor/unit/DLHK/pindahkan", data={"csrf_token": token})
    page = browser.get(made.location)
    assert receipt.number in page.text
    with behind(app, tenant_a):
        item = batch.view(UUID(made.location.rsplit("/", 1)[-1])).items[0]
    form = {"csrf_token": token, "document": "Perda 4/2026", f"to-{item.id}": "", f"move-{item.id}": "1"}
    refused = browser.post(made.location, data={**form, "deed": "apply"})
    assert refused.status_code == 422 and "Pilih unit tujuannya." in refused.text
    sent = browser.post(made.location, data={**form, f"to-{item.id}": "DPUPR", "deed": "apply"})
    assert sent.status_code == 303
    worker()
    assert "dipindahkan ke Dinas Pekerjaan Umum" in browser.get(made.location).text
    assert "Perda 4/2026" in browser.get(f"/meja/lapor/{receipt.number}").text


def test_each_unit_hears_once_of_what_concerns_it(acting, worker, monkeypatch) -> None:
    sent: list = []
    monkeypatch.setattr(notices, "notify", sent.append)
    with acting():
        receipt = service.submit(draft())
    with acting(*DESK):
        units = [Order("DLHK"), Order("DPUPR"), Order("DISKOMINFO", referral=True)]
        service.dispose(receipt.id, units=units)
    worker()
    assert sorted(each.to.split("@")[0] for each in sent) == ["dlhk", "kominfo", "pupr"]
    assert ["Tembusan" in each.text for each in sorted(sent, key=lambda m: m.to)] == [False, True, False]
    sent.clear()
    with acting(*DESK):
        service.dispose(receipt.id, units=[Order("DLHK"), Order("DPUPR", "Segera.")])
    with acting():
        service.reply(receipt.ticket, text="Masih ada.")
    worker()
    assert sorted(each.to.split("@")[0] for each in sent) == ["dlhk", "pupr", "pupr"]
    assert len({each.key for each in sent}) == len(sent)


def test_a_unit_added_later_has_a_clock_of_its_own(acting) -> None:
    with at_time(MONDAY):
        receipt = handed(acting, "DLHK")
    with at_time(MONDAY + timedelta(days=2)), acting(*DESK):
        service.dispose(receipt.id, units=[Order("DLHK"), Order("DPUPR")])
        parts = {each.agency.code: each for each in service.desk_view(receipt.id).assignments if each.active}
        assert parts["DLHK"].deadline.due_at < parts["DPUPR"].deadline.due_at
    with at_time(MONDAY + timedelta(days=3)), acting("liaison", "DLHK"):
        service.progress(receipt.id, text="Berangkat.")
        view = service.desk_view(receipt.id)
        parts = {each.agency.code: each for each in view.assignments if each.active}
        assert parts["DLHK"].deadline.step == "resolve"
        assert parts["DPUPR"].deadline.step == "follow_up"
        assert view.case.clock.due_at == parts["DPUPR"].deadline.due_at
