"""Gathering reports, parting and undoing: what it does to each case, to its clocks and to the counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from plugins.lapor import queries, service
from plugins.lapor.jobs import tidy
from plugins.lapor.models import Complaint, Incident, IncidentDeed
from plugins.lapor.service.incident import deeds, gather
from plugins.lapor.tests.lapor_reports import draft
from superapp.sdk import Conflict, Forbidden, NotFound, at_time, session

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def reported(acting, count: int, **changes):
    with acting():
        return [service.submit(draft(**changes)) for _ in range(count)]


def handled(acting, receipt, unit: str = "DLHK"):
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=[unit], instruction="Cek di lapangan.")


def gathered(acting, into, *others):
    with acting("coordinator", "DISKOMINFO"):
        return gather.gather(into.id, [each.id for each in others])


def state(*receipts):
    """All that handling moves, of some cases."""
    ids = [each.id for each in receipts]
    found = deeds._snapshot(ids, set())
    return deeds._digests(found)["cases"]


def case(receipt) -> Complaint:
    query = select(Complaint).where(Complaint.id == receipt.id)
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def last_deed() -> IncidentDeed:
    return session().scalars(select(IncidentDeed).order_by(IncidentDeed.id.desc()).limit(1)).one()


def test_a_gathered_report_gets_the_units_and_state_of_its_lead_and_keeps_its_own_promise(acting) -> None:
    with at_time(MONDAY):
        (lead,) = reported(acting, 1)
    with at_time(MONDAY + timedelta(days=2)):
        (late,) = reported(acting, 1)
        handled(acting, lead)
        gathered(acting, lead, late)
    with acting("coordinator", "DISKOMINFO"):
        first, second = service.desk_view(lead.id), service.desk_view(late.id)
        assert (second.case.status, second.case.agency.code) == ("dispositioned", "DLHK")
        assert [each.instruction for each in second.assignments] == ["Cek di lapangan."]
        ends = [{d.step: d.due_on for d in each.case.deadlines}["resolve"] for each in (first, second)]
        assert ends[0] < ends[1]
        assert case(lead).incident_id == case(late).incident_id


def test_undoing_a_gathering_puts_units_and_clocks_back_as_they_were(acting) -> None:
    lead, one, two = reported(acting, 3)
    handled(acting, lead)
    handled(acting, two, "DPUPR")
    with acting("coordinator", "DISKOMINFO"):
        before = state(lead, one, two)
        counts = queries.counts()
        incident_id = gather.gather(lead.id, [one.id, two.id])
        assert case(two).agency_id == case(lead).agency_id
        assert state(lead, one, two) != before
        assert gather.undo(last_deed().id) == incident_id
        assert state(lead, one, two) == before
        assert queries.counts() == counts and tidy.drift() == {}
        assert session().scalars(select(Incident)).one().dissolved_at is not None
        with pytest.raises(Conflict):
            gather.undo(last_deed().id)


def test_undo_is_refused_with_the_reason_once_a_unit_has_answered(acting, worker) -> None:
    lead, one = reported(acting, 2)
    handled(acting, lead)
    gathered(acting, lead, one)
    with acting("liaison", "DLHK"):
        service.answer(lead.id, text="Sudah diangkut.")
    worker()
    with acting("coordinator", "DISKOMINFO"):
        with pytest.raises(Conflict) as refused:
            gather.undo(last_deed().id)
        assert "Dijawab" in refused.value.title
        assert case(one).incident_id is not None


def test_a_reply_in_between_does_not_stand_in_the_way_of_undoing(acting) -> None:
    lead, one = reported(acting, 2)
    with acting("coordinator", "DISKOMINFO"):
        before = state(lead, one)
    gathered(acting, lead, one)
    with acting():
        service.reply(one.ticket, text="Di depan toko biru.")
    with acting("coordinator", "DISKOMINFO"):
        gather.undo(last_deed().id)
        assert state(lead, one) == before
        assert "toko biru" in repr(service.desk_view(one.id))


def test_an_undo_never_leaves_a_later_voice_without_its_incident(acting) -> None:
    lead, one, two = reported(acting, 3)
    gathered(acting, lead, one)
    with acting("coordinator", "DISKOMINFO"):
        first = last_deed().id
        gather.gather(lead.id, [two.id])
        with pytest.raises(Conflict) as refused:
            gather.undo(first)
        assert two.number in refused.value.title
        gather.undo(last_deed().id)
        gather.undo(first)
        assert [case(each).incident_id for each in (lead, one, two)] == [None, None, None]


def test_splitting_the_lead_hands_the_incident_to_the_oldest_and_undo_hands_it_back(acting) -> None:
    lead, one, two = reported(acting, 3)
    handled(acting, lead)
    incident_id = gathered(acting, lead, one, two)
    with acting("coordinator", "DISKOMINFO"):
        before = state(lead, one, two)
        gather.split(lead.id)
        assert case(lead).incident_id is None and case(lead).status == "dispositioned"
        assert session().get(Incident, (case(one).tenant_id, incident_id)).lead_id == one.id
        gather.undo(last_deed().id)
        assert state(lead, one, two) == before
        assert session().get(Incident, (case(one).tenant_id, incident_id)).lead_id == lead.id


def test_two_incidents_become_one_and_come_apart_again(acting) -> None:
    a, b, c, d = reported(acting, 4)
    one, other = gathered(acting, a, b), gathered(acting, c, d)
    with acting("coordinator", "DISKOMINFO"):
        before = state(a, b, c, d)
        with pytest.raises(Conflict):
            gather.gather(a.id, [d.id])
        gather.gather(b.id, [c.id])
        assert {case(each).incident_id for each in (a, b, c, d)} == {one}
        assert last_deed().kind == "merge"
        gather.undo(last_deed().id)
        assert state(a, b, c, d) == before
        assert {case(each).incident_id for each in (c, d)} == {other}


def test_secret_and_open_reports_never_become_one(acting) -> None:
    (lead,) = reported(acting, 1)
    (hidden,) = reported(acting, 1, secret=True)
    with acting("coordinator", "DISKOMINFO"), pytest.raises(Conflict):
        gather.gather(lead.id, [hidden.id])


def test_who_may_not_see_a_report_or_not_gather_cannot(acting) -> None:
    lead, one = reported(acting, 2)
    handled(acting, lead)
    with acting("liaison", "DLHK"), pytest.raises(NotFound):
        gather.gather(lead.id, [one.id])
    with acting("leader"), pytest.raises(Forbidden):
        gather.gather(lead.id, [one.id])


def test_finished_reports_are_not_gathered(acting) -> None:
    lead, one = reported(acting, 2)
    with acting("coordinator", "DISKOMINFO"):
        service.archive(one.id, reason_code="court", rule="Pasal 1", remedy="Tunggu putusan.")
        for into, other in ((lead, one), (one, lead)):
            with pytest.raises(Conflict):
                gather.gather(into.id, [other.id])
        with pytest.raises(Conflict):
            gather.gather(lead.id, [lead.id])
        with pytest.raises(Conflict):
            gather.split(lead.id)
