"""A case goes to the province and back by consent of both, and everyone who passed it on follows."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import select

from plugins.antarpemda import jobs, links
from plugins.antarpemda.models import Journey
from plugins.antarpemda.tests.neighbours import Pair, case_of
from plugins.lapor import service
from plugins.lapor.contracts import Contact, Draft, Location
from plugins.lapor.models import ArrivalRow, CaseEvent, Complaint, ParcelRow
from plugins.lapor.service.vault import people
from superapp.sdk import Conflict, Invalid, NotFound, session

DRAFT = Draft(
    kind="complaint",
    title="Jalan provinsi ambles",
    body="Jalan di depan terminal ambles sejak hujan kemarin.",
    category="ROAD.POTHOLE",
    location=Location(-8.7343, 115.2351, "Jalan Tukad Punggawa", "51.71.01.1001"),
)


def handed(pair: Pair, draft: Draft = DRAFT) -> tuple[str, str]:
    """A case of the city that the province has; both numbers."""
    with pair.at(pair.city):
        receipt = service.submit(draft)
        service.forward(receipt.id, agency_code="BPJN", text="Jalan provinsi.")
    pair.deliver()
    with pair.at(pair.province):
        found = pair.arrived()
        return receipt.number, found.number


def lines(number: str) -> list[tuple[str, str]]:
    """The story of a case: kinds and words."""
    query = select(CaseEvent.type, CaseEvent.text).where(CaseEvent.complaint_id == case_of(number).id)
    return [tuple(row) for row in session().execute(query.order_by(CaseEvent.at, CaseEvent.id))]


def test_nothing_passes_until_both_consent_and_nothing_after_one_ends(apart: Pair) -> None:
    apart.consent(apart.city, identity=True, categories=["ROAD.POTHOLE", "WASTE.PILE"])
    apart.post_round()
    with apart.at(apart.city):
        assert links.one(apart.province.slug).scope is None and links.destination(apart.province.slug) is None
        with pytest.raises(NotFound):
            links.consent(
                "nusantara", send=True, receive=True, categories=[], identity=False, agency_code="BPJN"
            )
        with pytest.raises(Invalid) as wrong:
            links.consent(
                apart.province.slug,
                send=True,
                receive=True,
                categories=[],
                identity=False,
                agency_code="DPUPR",
            )
        assert [each.field for each in wrong.value.errors] == ["agency"]
    with apart.at(apart.province):
        assert links.offers() == 1
        offer = links.one(apart.city.slug)
        assert offer.theirs_hold and not offer.ours_hold and offer.theirs is not None
        assert offer.theirs.categories == ["ROAD.POTHOLE", "WASTE.PILE"]
    apart.consent(apart.province, send=False, categories=["WASTE.PILE"])
    apart.post_round()
    with apart.at(apart.city):
        scope = links.one(apart.province.slug).scope
        assert scope is not None and (scope.send, scope.receive, scope.identity) == (True, False, False)
        assert scope.categories == {"WASTE.PILE"} and links.destination(apart.province.slug) is not None
        links.forget()
        assert links.channels() == {"pemda_uji_b": apart.province.name}
    with apart.at(apart.province):
        with pytest.raises(Invalid):
            links.end(apart.city.slug, reason=" ")
        links.end(apart.city.slug, reason="Perjanjian berakhir.")
        assert links.destination(apart.city.slug) is None
    apart.post_round()
    with apart.at(apart.city):
        link = links.one(apart.province.slug)
        assert link.scope is None and links.destination(apart.province.slug) is None
        assert link.theirs is not None and link.theirs.reason == "Perjanjian berakhir."
        with pytest.raises(Conflict):
            jobs.case(sender="uji-b", letter="x", enclosed=(), what="news", news="answer", number="1")


def test_a_case_goes_up_its_answer_comes_home_and_the_citizen_decides(pair: Pair) -> None:
    number, there = handed(pair, replace(DRAFT, reporter=Contact("Sekar", "081234567890", "s@uji.example")))
    with pair.at(pair.city):
        case = case_of(number)
        ref = pair.ref(pair.city, case.id)
        assert ref is not None and ref.owner and ref.foreign_id == there
        assert case.status == "forwarded" and case.external_id == there
        assert [kind for kind, _ in lines(number)].count("sent_outside") == 1
    with pair.at(pair.province):
        case = case_of(there)
        assert (case.channel, case.category_code, case.area_code) == (
            "pemda_uji_a",
            "ROAD.POTHOLE",
            "51.71.01.1001",
        )
        assert people.kept(case.id).contact == Contact()
        assert session().scalars(select(Journey)).one().chain == [pair.city.slug]
        service.verify(case.id)
        service.dispose(case.id, agency_codes=["DPUPR"])
    pair.deliver()
    with pair.at(pair.province):
        service.hold(case_of(there).id, reason="Kurang jelas.", waiting_for="reporter", question="Di mana?")
    pair.deliver()
    with pair.at(pair.city):
        told = lines(number)
        assert ("hear", "Di mana?") in told
        assert any("Dinas Pekerjaan Umum" in text for kind, text in told if kind == "hear"), told
        from plugins.lapor.service.outside.applying import _ticket

        service.reply(_ticket(case_of(number)), text="Di depan pintu barat.")
    pair.deliver()
    with pair.at(pair.province):
        assert ("reply", "Di depan pintu barat.") in lines(there)
        assert case_of(there).status == "dispositioned"
        service.answer(case_of(there).id, text="Sudah ditambal.", no_work="not_found")
    pair.deliver()
    with pair.at(pair.city):
        assert case_of(number).status == "answered"
        service.confirm(_ticket(case_of(number)), solved=True, rating=4)
    pair.deliver()
    with pair.at(pair.province):
        case = case_of(there)
        assert (case.status, case.rating) == ("closed", 4)
    with pair.at(pair.city):
        assert case_of(number).status == "closed"


def test_the_province_returns_it_with_a_reason_and_the_city_may_give_it_once_more(pair: Pair) -> None:
    number, there = handed(pair)
    with pair.at(pair.province):
        service.forward(case_of(there).id, agency_code="BPJN", text="Ini jalan kota.")
    pair.deliver()
    with pair.at(pair.city):
        case = case_of(number)
        assert case.status == "returned" and ("hear", "Ini jalan kota.") in lines(number)
        assert not pair.ref(pair.city, case.id).owner  # type: ignore[union-attr]
        service.dispose(case.id, agency_codes=["DPUPR"])
        service.progress(case.id, text="Sedang disurvei.")
    pair.deliver()
    with pair.at(pair.province):
        assert pair.ref(pair.province, case_of(there).id).owner  # type: ignore[union-attr]
        assert ("hear", "Sedang disurvei.") in lines(there), "who passed it on follows"
    with pair.at(pair.city):
        service.forward(case_of(number).id, agency_code="BPJN", text="Ternyata jalan provinsi.")
    pair.deliver()
    with pair.at(pair.province):
        case = case_of(there)
        assert case.status == "returned" and not pair.ref(pair.province, case.id).owner  # type: ignore[union-attr]
        service.archive(case.id, reason_code="incomplete")
    pair.deliver()
    with pair.at(pair.city):
        assert case_of(number).status == "returned"
        service.forward(case_of(number).id, agency_code="BPJN", text="Sudah dipastikan.")
    pair.deliver()
    with pair.at(pair.province):
        assert case_of(there).status == "received", "an archived one is opened again"
        assert len(session().scalars(select(Complaint)).all()) == 1
    with pair.at(pair.city):
        service.dispose(case_of(number).id, agency_codes=["DPUPR"])
    pair.deliver()
    with pair.at(pair.province):
        assert case_of(there).status == "archived", "the city took it back"
    with pair.at(pair.city):
        assert not pair.ref(pair.city, case_of(number).id).owner  # type: ignore[union-attr]


def test_what_the_link_does_not_cover_is_refused_and_a_closed_door_returns_it(
    pair: Pair, admin_connection: psycopg.Connection
) -> None:
    pair.consent(pair.province, categories=["WASTE.PILE"])
    pair.post_round()
    with pair.at(pair.city):
        first = service.submit(DRAFT)
        service.forward(first.id, agency_code="BPJN")
    pair.deliver()
    with pair.at(pair.city):
        row = session().scalars(select(ParcelRow)).one()
        assert row.state == "dead" and "tidak memuat jenis" in row.cause
    pair.consent(pair.province)
    pair.post_round()
    with pair.at(pair.city):
        second = service.submit(DRAFT)
        service.forward(second.id, agency_code="BPJN")
    admin_connection.execute(
        "UPDATE core.tenant_plugin SET enabled = false WHERE name = 'antarpemda' AND tenant_id = %s",
        (pair.province.id,),
    )
    from superapp.tenancy import resolve

    with pair.app.app_context():
        resolve.forget()
    pair.deliver()
    with pair.at(pair.city):
        case = case_of(second.number)
        assert case.status == "returned"
        assert any("sedang tidak dibuka" in text for kind, text in lines(second.number) if kind == "hear")
    with pair.at(pair.province):
        assert session().scalars(select(Complaint)).all() == []


def test_no_case_goes_where_it_has_been_and_a_replayed_letter_counts_once(pair: Pair) -> None:
    number, there = handed(pair)
    with pair.at(pair.city):
        mine = case_of(number)
        session().add(Journey(complaint_id=mine.id, chain=["nusantara"]))
        session().commit()
        with pytest.raises(Conflict):
            jobs.case(
                sender=pair.province.slug,
                letter="y",
                enclosed=(),
                what="hand",
                number="UJB-2026-000999",
                chain=f"{pair.city.slug}|{pair.province.slug}",
                kind="complaint",
                body="Lingkaran.",
                at="2026-01-01T00:00:00+00:00",
            )
    with pair.at(pair.province):
        before = len(session().scalars(select(ArrivalRow)).all())
        arrival = session().scalars(select(ArrivalRow)).first()
        fields = {"what": "hand", "number": number, "body": "x", "kind": "complaint", "chain": pair.city.slug}
        jobs.case(sender=pair.city.slug, letter=arrival.arrival_id, enclosed=(), **fields)  # type: ignore[union-attr]
        assert len(session().scalars(select(ArrivalRow)).all()) == before
        assert len(session().scalars(select(Complaint)).all()) == 1
        service.forward(case_of(there).id, agency_code="BPJN", text="Ini jalan kota.")
    pair.deliver()
    with pair.at(pair.province):
        service.dispose(case_of(there).id, agency_codes=["DPUPR"])
    pair.deliver()
    with pair.at(pair.province):
        kept = [text for kind, text in lines(there) if kind == "outside_kept"]
        assert kept == [f"Tidak diterima: Laporan ini dipegang {pair.city.name}."], (
            "what was returned is theirs"
        )
