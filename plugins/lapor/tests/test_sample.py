"""Sample reports for the demo."""

from plugins.lapor import queries, sample
from plugins.lapor.jobs import tidy
from plugins.lapor.models import CaseEvent, Complaint, Photo
from plugins.lapor.service import reference
from superapp.sdk import SYSTEM, current_tenant, now, session, tenant_scope


def test_samples_are_spread_over_states_and_time_and_made_once(app, tenant_a) -> None:
    heard: list[int] = []
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        sample.load(current_tenant(), 40, heard.append)
        assert heard == list(range(1, 41))
        cases = session().query(Complaint).all()
        assert len(cases) == 40
        assert len({case.status for case in cases}) >= 5
        assert len({case.category_code for case in cases}) >= 3
        assert max(event.at for event in session().query(CaseEvent)) <= now()
        assert (max(case.received_at for case in cases) - min(case.received_at for case in cases)).days > 45
        assert tidy.drift() == {}
        numbers = [case.number for case in sorted(cases, key=lambda case: case.received_at)]
        assert numbers == sorted(numbers)
        sample.load(current_tenant(), 40, heard.append)
        assert session().query(Complaint).count() == 40
        assert queries.figures().received > 0


def test_samples_bring_the_proof_that_their_kinds_ask_for(app, tenant_a, worker, admin_connection) -> None:
    admin_connection.execute("UPDATE lapor.category SET proof = 'photo' WHERE code <> 'INFO.REQUEST'")
    reference.forget()
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        sample.load(current_tenant(), 14, lambda done: None)
    worker()
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        answers = session().query(Photo).filter(Photo.stage == "answer").all()
        assert answers and {each.state for each in answers} == {"ready"}
        assert any(each.distance_m is not None and each.distance_m < 300 for each in answers)
        assert session().query(Photo).filter(Photo.stage == "report").count() > 0
