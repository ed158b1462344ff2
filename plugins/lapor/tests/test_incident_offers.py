"""The same report by several people: what is offered, to whom, and what joining gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from plugins.lapor import queries, service
from plugins.lapor.contracts import Contact, Location
from plugins.lapor.models import Complaint, Incident, Likeness
from plugins.lapor.service.alike import offers, prints
from plugins.lapor.service.incident import gather, join
from plugins.lapor.tests.lapor_reports import draft
from superapp.sdk import Conflict, NotFound, at_time, now, session

TEXT = "Sampah numpuk di depan pasar sudah tiga hari, bau sekali"
SPOT = {"lat": -8.7344, "lng": 115.2352, "address": "Jl Tukad Punggawa depan pasar"}


def near(**changes):
    return offers.near(TEXT, **{"category": "WASTE.PILE", **SPOT, **changes})


@pytest.fixture
def known(acting, worker):
    """A public report in the hands of a unit, with its marks."""
    with acting():
        receipt = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    return receipt


def test_a_neighbour_is_offered_what_everybody_may_read(acting, known) -> None:
    with acting():
        (offer,) = near()
        assert (offer.number, offer.voices) == (known.number, 1)
        assert offer.metres is not None and offer.metres < 40
        assert near(lat=None, lng=None)[0].metres is None
        assert near(lat=-8.70, lng=115.20, address="") == ()
        assert offers.near("mati", category=None, **SPOT) == ()


@pytest.mark.parametrize("changes", [{"secret": True}, {"body": "Isi lain sama sekali tentang anjing liar."}])
def test_secret_and_unlike_reports_are_not_offered(acting, worker, changes) -> None:
    with acting():
        receipt = service.submit(draft(**changes))
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    with acting():
        assert near() == () or ("anjing" in changes.get("body", "") and near()[0].number == receipt.number)


def test_what_nobody_has_read_yet_and_what_is_over_is_not_offered(acting, worker) -> None:
    with acting():
        receipt = service.submit(draft())
    worker()
    with acting():
        assert near() == ()
    with acting("coordinator", "DISKOMINFO"):
        service.verify(receipt.id)
        service.archive(receipt.id, reason_code="court", rule="Pasal 1", remedy="Tunggu putusan.")
    worker()
    with acting():
        assert near() == ()
        assert session().scalars(select(Likeness.live)).all() == [False]


def test_the_title_that_is_offered_carries_no_personal_number(acting, worker) -> None:
    with acting():
        receipt = service.submit(draft(title="Sampah di rumah Pak Made 0812 3456 7890"))
    with acting("coordinator", "DISKOMINFO"):
        service.verify(receipt.id)
    worker()
    with acting():
        assert "0812" not in near()[0].title


def test_another_government_offers_nothing_of_this_one(acting, known, tenant_b) -> None:
    with acting(tenant=tenant_b):
        assert near() == ()


def test_joining_gives_a_number_and_pin_of_ones_own_and_counts_as_a_voice(acting, known) -> None:
    with acting():
        made = join.join(
            known.number, text="Di belakang pasar juga.", contact=Contact(phone="0812 3456 7890")
        )
        assert made.number != known.number and len(made.pin) == 6
        mine = service.reporter_view(service.enter(made.number, made.pin))
        assert mine.case.status == "dispositioned" and mine.case.body == "Di belakang pasar juga."
        assert near()[0].number == known.number and near()[0].voices == 2
        figures = queries.figures()
        assert (figures.received, figures.incidents) == (2, 1)


def test_following_needs_no_identity_and_no_words(acting, known) -> None:
    with acting():
        made = join.join(known.number)
        again = join.join(known.number, key="satu-kunci")
        assert join.join(known.number, key="satu-kunci").number == again.number
        assert known.number in service.reporter_view(made.ticket).case.body
    with acting("coordinator", "DISKOMINFO"):
        assert (
            len(session().scalars(select(Complaint.id).where(Complaint.incident_id.is_not(None))).all()) == 3
        )
        assert not service.desk_view(made.id).has_contact


def test_one_who_joins_a_voice_joins_its_lead(acting, known) -> None:
    with acting():
        one = join.join(known.number)
        join.join(one.number)
        assert session().scalars(select(Incident.lead_id)).all() == [known.id]


def test_a_report_already_sent_follows_in_one_tap_and_leaves_again(acting, known) -> None:
    with acting():
        mine = service.submit(draft(body=TEXT))
        case = session().scalars(select(Complaint).where(Complaint.id == mine.id)).one()
        assert [each.number for each in offers.for_report(case)] == [known.number]
        assert join.join_with(mine.ticket, known.number).status == "dispositioned"
        with pytest.raises(Conflict):
            join.join_with(mine.ticket, known.number)
        join.leave(mine.ticket)
        assert service.public_view(mine.number).incident_id is None
        figures = queries.figures()
        assert (figures.received, figures.incidents) == (2, 2)


def test_secret_unread_finished_and_foreign_reports_cannot_be_joined(acting, known) -> None:
    with acting():
        hidden, unread = service.submit(draft(secret=True)), service.submit(draft())
        for number in (hidden.number, unread.number, "UJI-2026-999999"):
            with pytest.raises(NotFound):
                join.join(number)
        with pytest.raises(Conflict):
            join.join_with(hidden.ticket, known.number)


def test_marks_that_were_lost_are_made_again(acting, known, admin_connection) -> None:
    admin_connection.execute("DELETE FROM lapor.likeness")
    with acting():
        assert near() == ()
        assert prints.mend() == 1
        assert prints.mend() == 0
        assert near()


def test_old_reports_are_not_the_same_incident(acting, worker) -> None:
    with at_time(now() - timedelta(days=60)):
        with acting():
            receipt = service.submit(draft())
        with acting("coordinator", "DISKOMINFO"):
            service.verify(receipt.id)
    worker()
    with acting():
        assert near() == ()


def test_the_desk_sees_neighbours_it_may_see_and_never_a_whistle_blower(acting, known, worker) -> None:
    with acting():
        mine = service.submit(draft(body=TEXT, location=Location(**{**SPOT, "area_code": "51.71.01.1001"})))
        service.submit(draft(body=TEXT, category="INTEGRITY.EXTORTION"))
    worker()
    with acting("coordinator", "DISKOMINFO") as actor:
        case = session().scalars(select(Complaint).where(Complaint.id == mine.id)).one()
        (one,) = offers.at_desk(case, actor)
        assert (one.number, one.voices, one.agency.code) == (known.number, 1, "DLHK")
        gather.gather(known.id, [mine.id])
        case = session().scalars(select(Complaint).where(Complaint.id == mine.id)).one()
        assert offers.at_desk(case, actor) == ()
    with acting("liaison", "DPUPR") as actor:
        assert offers.at_desk(case, actor) == ()
