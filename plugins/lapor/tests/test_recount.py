"""A changed calendar, shift or limit: open clocks are reckoned anew, once, explained, in batches."""

from datetime import UTC, date, datetime, timedelta

import pytest
from lapor_reports import draft
from sqlalchemy import select, text

from plugins.lapor import notices, service
from plugins.lapor.contracts import Contact
from plugins.lapor.jobs import clocks as jobs
from plugins.lapor.jobs import tidy
from plugins.lapor.models import CaseEvent, Complaint, DeadlineRow, Recount
from plugins.lapor.service.time import batch, calendars, recount
from plugins.lapor.service.vault import letters
from superapp.sdk import at_time, current_tenant, session

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10.00 WITA
HOLIDAY = """
INSERT INTO core.holiday (tenant_id, day, name, kind) VALUES (:tenant, '2026-03-04', 'Hari Jadi', 'local')
"""


@pytest.fixture(autouse=True)
def _monday():
    with at_time(MONDAY):
        yield


def reported(count: int = 1, **changes):
    return [service.submit(draft(title=f"Laporan ke-{n}", **changes)) for n in range(count)]


def day_off(statement: str = HOLIDAY) -> None:
    session().execute(text(statement), {"tenant": current_tenant().id})
    session().commit()


def run_all() -> Recount:
    recount.keep_up()
    run = recount.latest()
    assert run is not None
    recount.walk(run.id)
    session().expire_all()
    return run


def moves(complaint_id) -> list[CaseEvent]:
    query = select(CaseEvent).where(CaseEvent.complaint_id == complaint_id, CaseEvent.type == "clock_moved")
    return list(session().scalars(query.order_by(CaseEvent.at)))


def due_days(complaint_id) -> dict[str, date]:
    query = select(DeadlineRow).where(DeadlineRow.complaint_id == complaint_id)
    return {row.step: row.due_on for row in session().scalars(query)}


def test_a_new_day_off_moves_open_clocks_and_says_why(acting) -> None:
    with acting():
        receipt = reported()[0]
        assert due_days(receipt.id)["verify"] == date(2026, 3, 5)
        run_all()
        day_off()
        run = run_all()
        assert due_days(receipt.id)["verify"] == date(2026, 3, 6)
        told = moves(receipt.id)
        assert [line["from"] for line in told[0].data["moved"] if line["step"] == "verify"] == ["2026-03-05"]
        assert "2026-03-04 Hari Jadi libur" in told[0].text
        row = session().scalars(select(DeadlineRow).where(DeadlineRow.step == "verify")).one()
        assert ["2026-03-04", "Hari Jadi"] in row.days["skipped"]
        assert row.calendar == run.calendar == 2
        case = session().get(Complaint, (current_tenant().id, receipt.id))
        assert (case.due_step, case.due_at) == ("verify", row.due_at)


def test_a_second_walk_changes_and_tells_nothing(acting) -> None:
    with acting():
        receipt = reported()[0]
        day_off()
        run = run_all()
        run.done_at, run.reached = None, None
        session().commit()
        recount.walk(run.id)
        recount.keep_up()
        assert recount.latest().id == run.id
        assert len(moves(receipt.id)) == 1


def test_a_worker_that_dies_in_the_middle_goes_on_without_a_second_effect(acting, monkeypatch) -> None:
    monkeypatch.setattr(recount, "SIZE", 2)
    with acting():
        receipts = reported(5)
        day_off()
        recount.keep_up()
        run = recount.latest()
        real, calls = batch.counters.add, []

        def dies(steps) -> None:
            calls.append(steps)
            if len(calls) == 2:
                raise KeyboardInterrupt
            real(steps)

        monkeypatch.setattr(batch.counters, "add", dies)
        with pytest.raises(KeyboardInterrupt):
            recount.walk(run.id)
        session().expire_all()
        assert sum(len(moves(each.id)) for each in receipts) == 2
        recount.walk(run.id)
        session().expire_all()
        assert [len(moves(each.id)) for each in receipts] == [1] * 5
        assert (recount.latest().seen, recount.latest().done_at is not None) == (10, True)


def test_a_run_whose_job_was_lost_is_queued_again(acting, worker) -> None:
    with acting():
        receipt = reported()[0]
        day_off()
        recount.keep_up()
        session().execute(text("DELETE FROM jobs.procrastinate_jobs WHERE args->>'job' = 'lapor.recount'"))
        session().commit()
        with at_time(MONDAY + timedelta(hours=1)):
            jobs.keep_up()
    worker()
    with acting():
        assert len(moves(receipt.id)) == 1


def test_units_are_told_once_a_run_and_reporters_when_their_day_moved(acting, monkeypatch, worker) -> None:
    told: list = []
    for room in (notices, letters, recount):
        monkeypatch.setattr(room, "notify", told.append)
    with acting():
        receipts = reported(3, reporter=Contact(email="warga@contoh.id"))
    with acting("coordinator", "DISKOMINFO"):
        for each in receipts:
            service.dispose(each.id, agency_codes=["DLHK"])
    worker()
    told.clear()
    with acting():
        day_off()
        run_all()
    worker()
    units = [each for each in told if each.to == "dlhk@uji.example"]
    assert [each.subject for each in units] == ["Batas waktu 3 laporan berubah"]
    people = [each for each in told if each.to == "warga@contoh.id"]
    assert len(people) == 3
    assert "Batas laporan Anda menjadi" in people[0].text


def test_a_changed_limit_gives_open_clocks_the_new_amount_and_starts_new_ones(acting) -> None:
    with acting():
        receipt = reported()[0]
        run_all()
        session().execute(
            text(
                "UPDATE lapor.time_limit SET amount = 20 WHERE step = 'resolve' AND supervision = 'standard'"
            )
        )
        session().execute(
            text(
                "INSERT INTO lapor.time_limit (tenant_id, id, step, authority, amount, unit, document)"
                " VALUES (:tenant, gen_random_uuid(), 'resolve', 'tenant', 7, 'wd', 'Perwali 12')"
            ),
            {"tenant": current_tenant().id},
        )
        session().commit()
        run_all()
        query = select(DeadlineRow).where(
            DeadlineRow.complaint_id == receipt.id, DeadlineRow.step == "resolve"
        )
        found = {row.authority: (row.amount, row.document[:7]) for row in session().scalars(query)}
    assert found == {"national": (20, "PermenP"), "tenant": (7, "Perwali")}


def test_a_case_that_is_not_late_any_more_leaves_the_late_box(acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        receipt = reported()[0]
        run_all()
    with at_time(datetime(2026, 3, 5, 18, tzinfo=UTC)), acting("coordinator", "DISKOMINFO"):
        jobs.mark_late()
        assert session().scalars(select(DeadlineRow.breached_at).where(DeadlineRow.step == "verify")).one()
        day_off()
        run_all()
        case = session().get(Complaint, (current_tenant().id, receipt.id))
        assert not case.overdue
        assert tidy.drift() == {}
        assert session().scalars(select(DeadlineRow.breached_at)).all() == [None, None]


def test_pauses_stay_when_a_clock_is_reckoned_anew(acting) -> None:
    with acting():
        receipt = reported()[0]
    with acting("coordinator", "DISKOMINFO"):
        with at_time(MONDAY + timedelta(days=1)):
            service.hold(receipt.id, reason="Menunggu data", party="BPJN Bali")
        with at_time(MONDAY + timedelta(days=2)):
            service.resume(receipt.id)
        before = due_days(receipt.id)["verify"]
        day_off()
        run_all()
        row = session().scalars(select(DeadlineRow).where(DeadlineRow.step == "verify")).one()
    assert (before, row.due_on) == (date(2026, 3, 6), date(2026, 3, 9))
    assert row.days["skipped"][:2] == [["2026-03-03", "menunggu BPJN Bali"], ["2026-03-04", "Hari Jadi"]]


def test_another_governments_clocks_stay_as_they_are(acting, tenant_b) -> None:
    with acting(tenant=tenant_b):
        theirs = reported()[0]
        before = due_days(theirs.id)
    with acting():
        reported()
        day_off()
        run_all()
    with acting(tenant=tenant_b):
        assert due_days(theirs.id) == before
        assert recount.latest() is None


def test_each_version_says_what_became_different(acting) -> None:
    with acting():
        reported()
        assert calendars.version(1).changes == []
        day_off()
        run_all()
        assert calendars.version(2).changes == [["day added", "2026-03-04 Hari Jadi"]]
        old = calendars.parse(1, calendars.version(1).content)
        assert old.days.is_working(date(2026, 3, 4))
        assert not calendars.current().days.is_working(date(2026, 3, 4))
        assert calendars.version(3) is None
