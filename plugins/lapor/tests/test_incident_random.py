"""Whatever order officers gather, part, merge and undo in: the whole stays whole, and undo gives back."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from plugins.lapor import queries, service
from plugins.lapor.jobs import tidy
from plugins.lapor.models import Complaint, Incident, IncidentDeed
from plugins.lapor.service.incident import deeds, gather
from plugins.lapor.tests.lapor_reports import draft
from superapp.sdk import Conflict, session

CASES = 5
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("gather", "gather", "split", "lead", "undo", "work")),
        st.integers(0, CASES - 1),
        st.integers(0, CASES - 1),
    ),
    min_size=4,
    max_size=14,
)


def snapshot(ids) -> dict[str, object]:
    """All that gathering may move: the cases with units and clocks, and who is in which living incident."""
    session().expire_all()
    rows = session().scalars(select(Incident).where(Incident.dissolved_at.is_(None))).all()
    living = {str(row.id): str(row.lead_id) for row in rows}
    return {"cases": deeds._digests(deeds._snapshot(ids, set()))["cases"], "leads": living}


def whole(ids) -> None:
    """Each case in at most one living incident, one lead in each, at least two voices, counters true."""
    session().expire_all()
    living = {
        row.id: row for row in session().scalars(select(Incident).where(Incident.dissolved_at.is_(None)))
    }
    voices = Counter(
        session().scalars(select(Complaint.incident_id).where(Complaint.incident_id.is_not(None)))
    )
    assert set(voices) == set(living)
    for incident_id, row in living.items():
        assert voices[incident_id] >= 2
        lead = select(Complaint.incident_id).where(Complaint.id == row.lead_id)
        assert session().scalars(lead).one() == incident_id
    led = sum(voices.values()) - len(living)
    figures = queries.figures(months=1)
    assert (figures.received, figures.incidents) == (len(ids), len(ids) - led)
    assert tidy.drift() == {}


def do(kind: str, ids, a: int, b: int) -> bool:
    """One deed; False where it is refused, which has to change nothing."""
    before = snapshot(ids)
    try:
        if kind == "gather":
            gather.gather(ids[a], [ids[b]])
        elif kind == "split":
            gather.split(ids[a])
        elif kind == "lead":
            gather.lead(ids[a])
        elif kind == "work":
            service.progress(ids[a], text="Kami periksa.")
        else:
            last = select(IncidentDeed.id).where(IncidentDeed.undone_at.is_(None))
            found = session().scalars(last.order_by(IncidentDeed.id.desc()).limit(1)).first()
            if found is None:
                return False
            gather.undo(found)
    except Conflict:
        assert snapshot(ids) == before
        return False
    return True


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=DEEDS)
def test_any_order_of_deeds_keeps_every_incident_whole(acting, app, superapp_host, steps) -> None:
    superapp_host.restore()
    with acting("coordinator", "DISKOMINFO"):
        ids = [service.submit(draft()).id for _ in range(CASES)]
        for place, unit in ((0, "DLHK"), (1, "DPUPR")):
            service.dispose(ids[place], agency_codes=[unit], apart="uji")
        for kind, a, b in steps:
            before = snapshot(ids)
            done = do(kind, ids, a, b)
            whole(ids)
            if done and kind in {"gather", "split", "lead"}:
                deed = (
                    session().scalars(select(IncidentDeed.id).order_by(IncidentDeed.id.desc()).limit(1)).one()
                )
                after = snapshot(ids)
                gather.undo(deed)
                assert snapshot(ids) == before, f"undo of {kind} is not the way back"
                whole(ids)
                if kind == "gather":
                    gather.gather(ids[a], [ids[b]])
                elif kind == "split":
                    gather.split(ids[a])
                else:
                    gather.lead(ids[a])
                assert set(snapshot(ids)["leads"].values()) == set(after["leads"].values())
        assert session().execute(select(func.count()).select_from(Complaint)).scalar_one() == CASES
