"""Whistle-blowers: who investigates sees them, nobody else learns that they exist; two open an identity."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from lapor_reports import draft

from plugins.lapor import queries, service
from plugins.lapor.contracts import Contact, Filters
from plugins.lapor.jobs import tidy
from plugins.lapor.service import ways
from plugins.lapor.service.vault import access, opening, people, whistle
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, Tenant, at_time, directory, set_actor, work

WHO = Contact("Ayu Pelapor", "0812 3456 7890", "ayu@contoh.id")
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
OTHERS = (
    ("coordinator", "DISKOMINFO"),
    ("liaison", "DLHK"),
    ("liaison", "INSPEKTORAT"),
    ("operator", ""),
    ("leader", ""),
    ("auditor", ""),
    ("inspector", "DLHK"),
)
BOXES = ("unverified", "agency", "mine", "overdue", "all")


@pytest.fixture
def blown(acting):
    """A report that complains of an official of DLHK."""
    with acting():
        return service.submit(draft(whistle=True, accused="DLHK", reporter=WHO, title="Petugas minta uang"))


def test_a_whistle_goes_to_the_inspectorate_at_once_and_is_nobody_elses(acting, blown) -> None:
    assert blown.status == "dispositioned" and blown.agency.code == "INSPEKTORAT"
    for who in OTHERS:
        with acting(*who):
            for look in (service.desk_view, lambda _: queries.id_of(blown.number)):
                with pytest.raises(NotFound):
                    look(blown.id)
            assert all(value == 0 for value in queries.counts().values())
            assert [queries.inbox(box).items for box in BOXES] == [()] * 5
            assert queries.inbox("all", Filters(search="minta uang")).items == ()
            assert queries.inbox("all", Filters(search=blown.number)).items == ()
            assert queries.figures(1).received == queries.figures(1).open == 0
    with acting("inspector", "INSPEKTORAT"):
        view = service.desk_view(blown.id)
        assert view.secret and not {"dispose", "forward", "give_back"} & set(view.actions)
        assert [row.number for row in queries.inbox("all").items] == [blown.number]
        assert queries.counts()["all"] == queries.counts()["agency"] == 1
        assert tidy.drift() == {}
        assert service.reporter_view(blown.ticket).secret


def test_the_one_who_wrote_it_down_does_not_see_it_again(acting) -> None:
    with acting("liaison", "DLHK"):
        receipt = service.submit(draft(whistle=True, channel="phone"))
        with pytest.raises(NotFound):
            service.desk_view(receipt.id)


def test_a_complaint_of_the_inspectorate_goes_to_the_leader(acting) -> None:
    with acting():
        receipt = service.submit(draft(whistle=True, accused="INSPEKTORAT"))
        assert receipt.agency is None and receipt.status == "dispositioned"
    for who in (
        ("inspector", "INSPEKTORAT"),
        ("inspector", ""),
        ("coordinator", "DISKOMINFO"),
        ("leader", "INSPEKTORAT"),
    ):
        with acting(*who):
            with pytest.raises(NotFound):
                service.desk_view(receipt.id)
            assert queries.counts()["all"] == 0
    with acting("leader"):
        assert queries.counts()["all"] == 1 == len(queries.inbox("all").items)
        assert tidy.drift() == {}
        assert service.progress(receipt.id, text="Diperiksa.", public=False).status == "in_progress"
        assert service.answer(receipt.id, text="Sudah ditegur.").status == "answered"
    with acting():
        service.confirm(receipt.ticket, solved=True)
        assert queries.figures(1).closed == 0


def test_a_tenant_may_name_the_units_that_investigate(acting, monkeypatch) -> None:
    named = {"inspectorate": "DPUPR", "whistle_leader_unit": "DLHK"}
    monkeypatch.setattr(ways, "setting", lambda name: named[name])
    with acting():
        units = directory.agencies_by_code()
        assert ways.inspectorate() == units["DPUPR"].id
        assert ways.unit_of("leader") == units["DLHK"].id
        first = service.submit(draft(whistle=True))
        second = service.submit(draft(whistle=True, accused="DPUPR"))
    assert (first.agency.code, second.agency.code) == ("DPUPR", "DLHK")
    with acting("liaison", "DLHK"), pytest.raises(NotFound):
        service.desk_view(second.id)


def test_a_city_without_an_inspectorate_keeps_it_from_all_but_the_right(acting, monkeypatch) -> None:
    monkeypatch.setattr(ways, "inspectorate", lambda: None)
    with acting():
        receipt = service.submit(draft(whistle=True, accused="DLHK"))
        assert receipt.agency is None
    with acting("inspector"):
        assert service.desk_view(receipt.id)


def test_an_unknown_accused_unit_is_named_in_the_refusal(acting) -> None:
    with acting(), pytest.raises(Invalid) as refused:
        service.submit(draft(whistle=True, accused="TIDAKADA"))
    assert refused.value.errors[0].field == "accused"


def test_no_other_plugin_is_asked_about_a_chosen_path_and_none_learns_who_reported(
    acting, monkeypatch
) -> None:
    room = sys.modules["plugins.lapor.service.submit"]
    enriching = sys.modules["plugins.lapor.service.routing.enrich"]

    asked: list = []
    real = enriching.ask

    def listen(spec, **given):
        asked.append(given["draft"])
        return real(spec, **given)

    monkeypatch.setattr(room, "ask", listen)
    monkeypatch.setattr(enriching, "ask", listen)
    with acting():
        service.submit(draft(whistle=True, reporter=WHO))
        assert asked == []
        service.submit(draft(reporter=WHO))
    assert asked and all(each.reporter == Contact() for each in asked)


def test_an_officer_takes_a_case_onto_the_path_and_it_leaves_all_views_at_once(
    acting, admin_connection
) -> None:
    with acting():
        first = service.submit(draft(reporter=WHO))
        other = service.submit(draft(reporter=WHO))
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(first.id, agency_codes=["DLHK", "DPUPR"])
        with pytest.raises(Invalid):
            whistle.mark(first.id, reason="")
        with pytest.raises(Conflict):
            whistle.mark(first.id, version=1, reason="Menyebut pegawai")
        whistle.mark(first.id, version=2, reason="Menyebut pegawai", accused="DLHK")
        with pytest.raises(NotFound):
            whistle.mark(first.id, reason="lagi")
    for who in (*OTHERS, ("liaison", "DPUPR")):
        with acting(*who), pytest.raises(NotFound):
            service.desk_view(first.id)
    with acting():
        with pytest.raises(NotFound):
            service.public_view(first.number)
        assert [row.number for row in queries.public_list().items] == []
        assert queries.figures(1).received == 1
        own = service.reporter_view(first.ticket)
        assert own.secret and own.contact == WHO
        assert any(each.text == "Menyebut pegawai" for each in own.case.timeline)
        assert people.kept(other.id).contact == WHO
    with acting("inspector", "INSPEKTORAT"):
        assert [each.agency.code for each in service.desk_view(first.id).assignments if each.active] == [
            "INSPEKTORAT"
        ]
        assert tidy.drift() == {}
        with pytest.raises(Conflict):
            whistle.mark(first.id, reason="lagi")
    row = "SELECT phone_tag, email_tag FROM lapor.vault_contact WHERE complaint_id = %s"
    assert admin_connection.execute(row, (first.id,)).fetchone() == (None, None)
    trail = admin_connection.execute("SELECT object_id, facts FROM core.audit WHERE action = 'lapor.whistle'")
    assert trail.fetchone() == ("", {})


@pytest.mark.parametrize("state", ["on_hold", "answered", "closed", "archived"])
def test_a_case_in_any_state_can_be_taken(acting, state) -> None:
    with at_time(MONDAY):
        with acting():
            receipt = service.submit(draft())
        with acting("coordinator", "DISKOMINFO"):
            service.dispose(receipt.id, agency_codes=["DLHK"])
            if state == "archived":
                service.archive(receipt.id, reason_code="abuse", rule="UU", remedy="Tulis lagi.")
            elif state == "on_hold":
                service.hold(receipt.id, reason="Menunggu")
            else:
                service.answer(receipt.id, text="Selesai.")
        if state == "closed":
            with acting():
                service.confirm(receipt.ticket, solved=True)
        with acting("coordinator", "DISKOMINFO"):
            assert whistle.mark(receipt.id, reason="Menyebut pegawai").status == state
            assert tidy.drift() == {}
            assert queries.figures(1).received == queries.figures(1).closed == queries.figures(1).on_time == 0
        with acting("inspector", "INSPEKTORAT"):
            assert service.desk_view(receipt.id).case.agency.code == "INSPEKTORAT"


def test_a_category_set_right_takes_the_case_onto_the_path(acting) -> None:
    with acting():
        receipt = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        done = service.verify(receipt.id, category="INTEGRITY.EXTORTION")
        assert done.status == "dispositioned"
        with pytest.raises(NotFound):
            service.desk_view(receipt.id)
        assert tidy.drift() == {}


def test_who_investigates_lets_go_of_a_case_that_is_none(acting, blown) -> None:
    with acting("coordinator", "DISKOMINFO"), pytest.raises(NotFound):
        whistle.release(blown.id, reason="Bukan")
    with acting("inspector", "INSPEKTORAT"):
        with pytest.raises(Conflict):
            service.give_back(blown.id, owner_agency_code="DLHK", reason="Bukan kami")
        service.hold(blown.id, reason="Menunggu")
        done = whistle.release(blown.id, reason="Ini keluhan layanan.")
        assert done.status == "received"
        with pytest.raises(NotFound):
            service.desk_view(blown.id)
        assert tidy.drift() == {}
    with acting("coordinator", "DISKOMINFO"):
        view = service.desk_view(blown.id)
        assert view.secret and view.case.status == "received" and "verify" in view.actions
        assert queries.figures(1).received == 1
        assert service.dispose(blown.id, agency_codes=["DLHK"]).status == "dispositioned"
    with acting("leader"), pytest.raises(NotFound):
        whistle.release(blown.id, reason="x")


def test_only_an_open_case_on_the_path_is_let_go(acting) -> None:
    with acting():
        receipt = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"), pytest.raises(Conflict):
        whistle.release(receipt.id, reason="x")
    with acting("inspector", "INSPEKTORAT"), pytest.raises(NotFound):
        whistle.mark(receipt.id, reason="x")
    with acting("liaison", "DISKOMINFO"), pytest.raises(NotFound):
        whistle.mark(receipt.id, reason="x")
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    with acting("liaison", "DLHK"), pytest.raises(Forbidden):
        whistle.mark(receipt.id, reason="x")


def asked(acting, blown):
    """Two inspectors: the first has asked; their actors and the wish."""
    with acting("inspector", "INSPEKTORAT") as first:
        with pytest.raises(Conflict):
            service.reveal(blown.id, purpose="Memanggil saksi")
        opening.ask(blown.id, purpose="Memanggil saksi")
        with pytest.raises(Conflict):
            opening.ask(blown.id, purpose="Sekali lagi")
        (wish,) = opening.wishes()
        assert wish.mine and wish.state == "asked" and opening.wishes(blown.id) == [wish]
    return first, wish


def test_a_whistle_blowers_identity_takes_two_and_opens_once(acting, blown, admin_connection) -> None:
    first, wish = asked(acting, blown)
    with acting("inspector", "INSPEKTORAT") as second:
        assert [each.mine for each in opening.wishes(blown.id)] == [False]
        with pytest.raises(Forbidden):
            opening.look(wish.id)
        opening.decide(wish.id, grant=True)
        with pytest.raises(Conflict):
            opening.decide(wish.id, grant=True)
        assert opening.wishes(blown.id) == []
        with pytest.raises(Forbidden):
            opening.look(wish.id)
        set_actor(first)
        assert opening.wishes(blown.id)[0].state == "granted"
        assert opening.look(wish.id) == (blown.id, WHO)
        with pytest.raises(Conflict):
            opening.look(wish.id)
        assert opening.wishes() == [] and second.id != first.id
        looks = access.latest()
        assert [each.what for each in looks] == ["open", "grant", "ask"]
        assert looks[0].number == blown.number
    with acting():
        lines = access.looks_at(blown.id)
        assert [(each.what, each.role, each.purpose) for each in lines] == [
            ("open", "inspector", "Memanggil saksi"),
            ("grant", "inspector", "Memanggil saksi"),
            ("ask", "inspector", "Memanggil saksi"),
        ]
    with acting("auditor"):
        assert access.latest() == []
    facts = admin_connection.execute("SELECT object_id FROM core.audit WHERE action LIKE 'lapor.reveal%'")
    assert set(facts.fetchall()) == {("",)}


def test_nobody_grants_the_own_wish(acting, blown, admin_connection) -> None:
    first, wish = asked(acting, blown)
    with acting("inspector", "INSPEKTORAT"):
        set_actor(first)
        for grant in (True, False):
            with pytest.raises(Forbidden):
                opening.decide(wish.id, grant=grant)
        with pytest.raises(Conflict):
            opening.look(wish.id)
    with pytest.raises(Exception, match="check"):
        admin_connection.execute(
            "UPDATE lapor.vault_request SET state = 'granted', decided_by = asked_by, decided_at = now()"
        )


def test_a_refused_wish_opens_nothing_and_another_may_be_asked(acting, blown) -> None:
    first, wish = asked(acting, blown)
    with acting("inspector", "INSPEKTORAT"):
        opening.decide(wish.id, grant=False)
        set_actor(first)
        with pytest.raises(Conflict):
            opening.look(wish.id)
        opening.ask(blown.id, purpose="Alasan lain")
    with acting():
        assert [each.what for each in access.looks_at(blown.id)] == ["ask", "refuse", "ask"]


def test_a_wish_ends_after_a_day_and_a_grant_after_an_hour(acting, blown) -> None:
    first, wish = asked(acting, blown)
    later = wish.asked_at + opening.DECIDE_WITHIN
    with acting("inspector", "INSPEKTORAT"):
        with at_time(later), pytest.raises(Conflict):
            opening.decide(wish.id, grant=True)
        with at_time(later - timedelta(seconds=1)):
            opening.decide(wish.id, grant=True)
        set_actor(first)
        after = later - timedelta(seconds=1) + opening.LOOK_WITHIN
        with at_time(after):
            assert opening.wishes() == []
            with pytest.raises(Conflict):
                opening.look(wish.id)
        with at_time(after - timedelta(seconds=1)):
            assert opening.look(wish.id)[1] == WHO


@pytest.mark.parametrize("who", OTHERS)
def test_a_wish_is_as_invisible_as_its_case(acting, blown, who) -> None:
    _, wish = asked(acting, blown)
    with acting(*who):
        assert opening.wishes() == []
        for deed in (lambda: opening.decide(wish.id, grant=True), lambda: opening.look(wish.id)):
            with pytest.raises(NotFound):
                deed()
        with pytest.raises(NotFound):
            opening.ask(blown.id, purpose="x")


def test_a_wish_of_another_government_does_not_exist(acting, blown, tenant_b: Tenant) -> None:
    _, wish = asked(acting, blown)
    with acting("inspector", "INSPEKTORAT", tenant=tenant_b), pytest.raises(NotFound):
        opening.decide(wish.id, grant=True)


def test_an_officer_without_a_number_of_their_own_cannot_ask(acting, blown) -> None:
    from dataclasses import replace

    with acting("inspector", "INSPEKTORAT") as actor:
        set_actor(replace(actor, id=None))
        with pytest.raises(Forbidden):
            opening.ask(blown.id, purpose="x")


def test_the_log_shows_ordinary_cases_to_an_auditor(acting) -> None:
    with acting():
        receipt = service.submit(draft(reporter=WHO))
    with acting("coordinator", "DISKOMINFO"):
        service.reveal(receipt.id, purpose="Menelepon balik")
    with acting("auditor"):
        (line,) = access.latest()
    assert (line.what, line.number, line.role, line.purpose) == (
        "open",
        receipt.number,
        "coordinator",
        "Menelepon balik",
    )
    assert line.unit and WHO.phone not in repr(line)


def test_marks_are_made_in_one_commit_or_not_at_all(acting, monkeypatch) -> None:
    with acting():
        receipt = service.submit(draft(reporter=WHO))
    with acting("coordinator", "DISKOMINFO"):
        monkeypatch.setattr(whistle, "give", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), work():
            whistle.mark(receipt.id, reason="Menyebut pegawai")
        assert service.desk_view(receipt.id).version == 1 and tidy.drift() == {}
