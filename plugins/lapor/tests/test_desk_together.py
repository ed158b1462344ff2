"""How officers work together: mentions, links, checklists, templates, macros, bulk, presence, drafts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from lapor_reports import draft
from test_desk_undo import last, rows

from plugins.lapor import notices, queries, service
from plugins.lapor.contracts import Contact, Filters
from plugins.lapor.jobs import tidy
from plugins.lapor.models import CheckItem, CheckTick, Macro, Mention
from plugins.lapor.service.deskwork import (
    bulk,
    checklist,
    corrections,
    drafts,
    links,
    macros,
    mentions,
    presence,
    templates,
    undo,
    views,
    wording,
)
from plugins.lapor.service.deskwork.since import since
from plugins.lapor.service.deskwork.start import look
from plugins.lapor.service.kept import checks
from superapp.sdk import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    at_time,
    current_actor,
    new_id,
    now,
    session,
    set_actor,
    work,
)

COORDINATOR = ("coordinator", "DISKOMINFO")
LIAISON = ("liaison", "DLHK")


@pytest.fixture
def case(acting):
    """A report that waits for the desk."""
    with acting():
        return service.submit(draft(reporter=Contact("Warga Uji", "081234567890", "warga@uji.example")))


def said(refused) -> str:
    return " ".join([str(refused.value), *(each.message for each in refused.value.errors)])


# --- mentions ---------------------------------------------------------------------------------------


def test_a_coordinators_mention_lets_the_unit_read_and_nothing_else(acting, case) -> None:
    with acting(*LIAISON), pytest.raises(NotFound):
        service.desk_view(case.id)
    with acting(*COORDINATOR):
        service.note(case.id, text="Menurut @DLHK ini punya siapa? cc @koordinator")
    with acting(*LIAISON):
        seen = service.desk_view(case.id)
        assert (seen.actions, seen.contact) == ((), None)
        assert queries.id_of(case.number) == case.id
        assert queries.inbox("all").items == ()
        with pytest.raises(NotFound):
            service.progress(case.id, text="x")
        service.note(case.id, text="Bukan kami.")
    with acting("liaison", "DPUPR"), pytest.raises(NotFound):
        service.desk_view(case.id)


def test_a_unit_and_a_role_find_where_they_were_named(acting, case) -> None:
    with acting(*COORDINATOR):
        service.note(case.id, text="@dlhk mohon dicek. @koordinator juga.")
        assert [each.title for each in mentions.mentions()] == ["Tumpukan sampah di depan pasar"]
    with acting(*LIAISON):
        assert look().unread == 1
        (found,) = mentions.mentions()
        assert (found.number, found.opened, found.read) == (case.number, True, False)
        mentions.read(case.id)
        assert look().unread == 0
    with acting("liaison", "DPUPR"):
        assert mentions.mentions() == []


def test_a_unit_named_by_a_colleague_waits_for_the_coordinator(acting, case) -> None:
    with acting(*COORDINATOR):
        service.dispose(case.id, agency_codes=["DLHK"])
    with acting(*LIAISON):
        service.note(case.id, text="@DPUPR ikut?")
    with acting("liaison", "DPUPR"):
        (found,) = mentions.mentions()
        assert (found.opened, found.title, found.text) == (False, "", "")
        with pytest.raises(NotFound):
            service.desk_view(case.id)


def test_a_secret_case_is_opened_to_nobody(acting) -> None:
    with acting():
        hidden = service.submit(draft(secret=True))
    with acting(*COORDINATOR), pytest.raises(Invalid) as refused:
        service.note(hidden.id, text="@DLHK?")
    assert "rahasia" in said(refused)
    with acting(*COORDINATOR):
        service.dispose(hidden.id, agency_codes=["DLHK"])
        service.note(hidden.id, text="@DLHK mohon segera.")  # it has the case already
        assert session().query(Mention).one().opens is False


@pytest.mark.parametrize(("text", "told"), [("@DLHX?", "Maksud Anda @DLHK?"), ("@entah", "@entah")])
def test_a_word_that_names_nobody_is_refused(acting, case, text, told) -> None:
    with acting(*COORDINATOR), pytest.raises(Invalid) as refused:
        service.note(case.id, text=text)
    assert told in said(refused)


def test_an_address_is_no_mention(acting, case) -> None:
    with acting(*COORDINATOR):
        service.note(case.id, text="Tulis ke warga@uji.example saja.")
        assert session().query(Mention).count() == 0


def test_the_mentioned_unit_gets_one_message_without_the_notes_words(
    acting, case, worker, monkeypatch
) -> None:
    told: list = []
    monkeypatch.setattr(corrections, "notify", told.append)
    monkeypatch.setattr(notices, "notify", told.append)
    worker()
    told.clear()
    with acting(*COORDINATOR):
        service.note(case.id, text="@DLHK rahasia dapur")
    worker()
    assert [each.to for each in told] == ["dlhk@uji.example"]
    assert "dapur" not in told[0].text + told[0].subject


def test_undoing_a_note_closes_the_case_again(acting, case) -> None:
    with acting(*COORDINATOR):
        service.note(case.id, text="@DLHK?")
        assert undo.undo(last(case))[0].ok
    with acting(*LIAISON):
        assert mentions.mentions() == []
        with pytest.raises(NotFound):
            service.desk_view(case.id)


# --- links ------------------------------------------------------------------------------------------


def test_a_link_is_seen_from_both_sides_and_may_be_undone(acting, case) -> None:
    with acting(*COORDINATOR):
        other = service.submit(draft(title="Pipa bocor"))
        links.link(case.id, other.number, "caused_by")
        assert [(each.kind, each.number) for each in links.links_of(case.id)] == [("caused_by", other.number)]
        assert [(each.kind, each.number) for each in links.links_of(other.id)] == [("causes", case.number)]
        with pytest.raises(Conflict):
            links.link(case.id, other.number, "caused_by")
        undo.undo(last(case))
        assert links.links_of(case.id) == links.links_of(other.id) == []
        links.link(case.id, other.number, "related")
        links.unlink(other.id, links.links_of(other.id)[0].id)
        assert links.links_of(case.id) == []
        undo.undo(last(other))
        assert [each.kind for each in links.links_of(case.id)] == ["related"]


def test_a_link_leads_nowhere_that_the_reader_may_not_go(acting, case) -> None:
    with acting(*COORDINATOR):
        hidden = service.submit(draft(secret=True, title="Rahasia"))
        service.dispose(case.id, agency_codes=["DLHK"])
        links.link(case.id, hidden.number, "related")
    with acting(*LIAISON):
        assert links.links_of(case.id) == []
        for number in (hidden.number, "UJI-2026-999999", "x"):
            with pytest.raises(Invalid):
                links.link(case.id, number, "related")
        with pytest.raises(Invalid):
            links.link(case.id, case.number, "related")
        with pytest.raises(Invalid):
            links.link(case.id, case.number, "cousin")


# --- checklists -------------------------------------------------------------------------------------


def listed(**more: object) -> UUID:
    values = {"code": f"UJI.{new_id().hex[-6:].upper()}", "item": "Jalan mana?", "before_action": "dispose"}
    item = CheckItem(id=new_id(), **{**values, **more})
    with work() as unit:
        unit.add(item)
    checks.forget()
    return item.id


def test_an_open_item_holds_its_step_and_names_itself(acting, case) -> None:
    with acting(*COORDINATOR):
        item = listed(category_code="WASTE.PILE")
        with pytest.raises(Invalid) as refused:
            service.dispose(case.id, agency_codes=["DLHK"])
        assert "Jalan mana?" in said(refused)
        service.verify(case.id)
        checklist.tick(case.id, item, done=True)
        (shown,) = checklist.checklist(case.id)
        assert (shown.done, shown.by) == (True, "coordinator, Diskominfo")
        assert service.dispose(case.id, agency_codes=["DLHK"]).status == "dispositioned"


def test_items_hold_for_their_category_state_and_days(acting, case) -> None:
    today = now().date()
    with acting(*COORDINATOR):
        listed(item="lain jenis", category_code="ROAD.POTHOLE")
        listed(item="lain keadaan", status="answered")
        listed(item="sudah lewat", valid_to=today - timedelta(days=2))
        listed(item="belum", valid_from=today + timedelta(days=3))
        listed(item="berlaku", status="received", valid_from=today - timedelta(days=2))
        assert [each.item for each in checklist.checklist(case.id)] == ["berlaku"]


def test_a_tick_is_undone_like_everything_else(acting, case) -> None:
    with acting(*COORDINATOR):
        item = listed(before_action=None)
        checklist.tick(case.id, item, done=True)
        checklist.tick(case.id, item, done=True)
        undo.undo(last(case))
        assert session().query(CheckTick).count() == 0
        checklist.tick(case.id, item, done=True)
        checklist.tick(case.id, item, done=False)
        undo.undo(last(case))
        assert session().query(CheckTick).count() == 1
        with pytest.raises(NotFound):
            checklist.tick(case.id, new_id(), done=True)
    with acting("leader"), pytest.raises(Forbidden):
        checklist.tick(case.id, item, done=True)


# --- templates and macros ---------------------------------------------------------------------------

TEXT = {"title": "Sudah diangkut", "field": "answer", "body": "{pelapor}, {kategori} di {alamat} selesai."}


def test_a_template_never_says_who_reported(acting, case) -> None:
    with acting(*COORDINATOR):
        shown = wording.fill("{pelapor} {nomor} {alamat} {batas}", wording.values_of(row(case)))
        assert shown.startswith(f"Bapak/Ibu {case.number} Jalan Tukad Punggawa ")
        assert "Warga Uji" not in " ".join(wording.values_of(row(case)).values())
        assert set(wording.values_of(row(case))) == set(wording.VARIABLES) == set(wording.sample())


@pytest.mark.parametrize(
    ("body", "told"),
    [("{nomer}", "Maksud Anda {nomor}?"), ("{", "tanpa pasangannya"), ("{nama pelapor}", "{nama pelapor}")],
)
def test_an_unknown_variable_is_refused_by_name(acting, body, told) -> None:
    with acting(*COORDINATOR), pytest.raises(Invalid) as refused:
        templates.save(None, {**TEXT, "body": body})
    assert told in said(refused)


def test_a_liaison_writes_for_the_own_unit_only(acting, case) -> None:
    with acting(*COORDINATOR):
        of_desk = templates.save(None, TEXT)
    with acting(*LIAISON):
        with pytest.raises(Forbidden):
            templates.save(None, TEXT)
        with pytest.raises(Forbidden):
            templates.end(templates.Template, of_desk)
        own = templates.save(None, {**TEXT, "title": "Punya DLHK", "unit": "own"})
        templates.save(own, {**TEXT, "title": "Punya kami", "unit": "own"})
        assert {each.title for each in templates.templates()} == {"Sudah diangkut", "Punya kami"}
    with acting("liaison", "DPUPR"):
        assert {each.title for each in templates.templates()} == {"Sudah diangkut"}
        with pytest.raises(NotFound):
            templates.end(templates.Template, own)


def test_templates_fit_category_and_state_and_end(acting, case) -> None:
    with acting(*COORDINATOR):
        templates.save(None, {**TEXT, "title": "umum"})
        templates.save(None, {**TEXT, "title": "khusus", "category": "WASTE.PILE"})
        templates.save(None, {**TEXT, "title": "lain", "category": "ROAD.POTHOLE"})
        templates.save(None, {**TEXT, "title": "nanti", "status": "answered"})
        assert [each.title for each in templates.fitting(row(case))] == ["khusus", "umum"]
        ended = templates.templates()[0].id
        templates.end(templates.Template, ended)
        assert ended not in {each.id for each in templates.templates()}
        templates.resume(templates.Template, ended)
        assert ended in {each.id for each in templates.templates()}


MACRO = {
    "title": "Verifikasi dan teruskan",
    "verify": "1",
    "set_category": "WASTE.PILE",
    "dispose": "unit",
    "agency": "DLHK",
    "instruction": "Mohon cek {alamat}.",
    "note": "Diteruskan ke {unit}.",
}


def test_a_macro_shows_what_it_will_do_and_does_it(acting, case) -> None:
    with acting(*COORDINATOR):
        macro = macros.save(None, MACRO)
        planned = macros.plan(macro, case.id)
        assert [(each.action, each.detail) for each in planned] == [
            ("verify", "Tumpukan sampah"),
            ("dispose", "Dinas Lingkungan Hidup dan Kebersihan"),
            ("note", ""),
        ]
        assert planned[1].text == "Mohon cek Jalan Tukad Punggawa."
        before = rows(case.id)
        assert macros.apply(macro, case.id, version=1).status == "dispositioned"
        seen = service.desk_view(case.id)
        assert seen.notes[0].text == "Diteruskan ke Dinas Lingkungan Hidup dan Kebersihan."
        assert seen.assignments[0].instruction == "Mohon cek Jalan Tukad Punggawa."
        assert undo.undo(last(case))[0].ok
        assert rows(case.id) == before
        assert tidy.drift() == {}


def test_a_macro_does_all_or_nothing(acting, case) -> None:
    with acting(*COORDINATOR):
        macro = macros.save(None, {**MACRO, "note": "", "progress": "Jalan."})
        listed(before_action="progress", item="Belum diperiksa")
        before = rows(case.id)
        with pytest.raises(Invalid):
            macros.apply(macro, case.id)
        assert rows(case.id) == before
        with pytest.raises(Conflict):
            macros.apply(macro, case.id, version=7)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": "Di mana?", "hold_reason": "Tunggu"}, "question"),
        ({"dispose": "no"}, "instruction"),
        ({"dispose": "unit", "agency": ""}, "agency"),
        ({"archive_reason": "court"}, "archive_rule"),
        ({"archive_reason": "ngawur"}, "archive_reason"),
        ({"set_category": "TIDAK.ADA"}, "set_category"),
        ({"note": "{nomer}"}, "note"),
        ({"title": ""}, "title"),
    ],
)
def test_a_macro_that_cannot_be_is_refused_by_field(acting, changes, field) -> None:
    with acting(*COORDINATOR), pytest.raises(Invalid) as refused:
        macros.save(None, {**MACRO, **changes})
    assert field in {each.field for each in refused.value.errors}


def test_a_macro_is_offered_to_those_who_may_do_all_of_it(acting, case) -> None:
    with acting(*COORDINATOR):
        macros.save(None, MACRO)
        macros.save(None, {"title": "Catat saja", "note": "Sudah ditelepon."})
        assert len(macros.fitting(row(case))) == 2
        service.dispose(case.id, agency_codes=["DLHK"])
    with acting(*LIAISON):
        assert [each.title for each in macros.fitting(row(case))] == ["Catat saja"]


# --- several at once --------------------------------------------------------------------------------


def test_a_bulk_deed_does_what_it_can_and_says_why_not(acting) -> None:
    with acting():
        fresh, moved, secret = (
            service.submit(draft()),
            service.submit(draft()),
            service.submit(draft(secret=True)),
        )
    with acting(*COORDINATOR):
        service.dispose(moved.id, agency_codes=["DLHK"])
        mine = replace(current_actor(), permissions=current_actor().permissions - {"lapor.secret"})
        set_actor(mine)
        picked = [bulk.Picked(each.number, 1) for each in (fresh, moved, secret)]
        result = bulk.do("suggested", [*picked, bulk.Picked("UJI-2026-999999", 1)], {})
        assert [each.ok for each in result.outcomes] == [True, False, False, False]
        assert "sudah berubah" in result.outcomes[1].why
        assert result.outcomes[2].why == result.outcomes[3].why == bulk.GONE
        assert [each.ok for each in undo.undo(result.batch_id)] == [True]
        assert service.desk_view(fresh.id).case.status == "received"
        assert tidy.drift() == {}


def test_each_bulk_action_moves_what_it_says(acting) -> None:
    moves = {
        "verify": ({}, "verified"),
        "suggested": ({}, "dispositioned"),
        "dispose": ({"agency": "DPUPR", "instruction": "Cek."}, "dispositioned"),
        "hold": ({"reason": "Menunggu cuaca."}, "on_hold"),
        "archive": ({"reason_code": "court", "rule": "Pasal 1", "remedy": "Tunggu."}, "archived"),
        "take": ({}, "received"),
    }
    with acting(*COORDINATOR):
        for action, (values, state) in moves.items():
            receipts = [service.submit(draft()) for _ in range(2)]
            before = [rows(each.id) for each in receipts]
            result = bulk.do(action, [bulk.Picked(each.number, 1) for each in receipts], values)
            assert [each.ok for each in result.outcomes] == [True, True], action
            assert [service.desk_view(each.id).case.status for each in receipts] == [state] * 2
            assert all(each.ok for each in undo.undo(result.batch_id))
            assert [rows(each.id) for each in receipts] == before
        assert tidy.drift() == {}


@pytest.mark.parametrize(
    ("action", "count", "told"),
    [("dance", 1, "daftar"), ("verify", 0, "setidaknya satu"), ("verify", 101, "Paling banyak 100")],
)
def test_what_no_case_could_bear_is_refused_at_once(acting, action, count, told) -> None:
    with acting(*COORDINATOR), pytest.raises(Invalid) as refused:
        bulk.do(action, [bulk.Picked(f"UJI-2026-{n:06d}", 1) for n in range(count)], {})
    assert told in said(refused)


def test_taking_puts_a_case_under_my_tasks_once(acting, case) -> None:
    with acting(*COORDINATOR):
        bulk.do("take", [bulk.Picked(case.number, 1)], {})
        assert queries.counts()["mine"] == 1
        (again,) = bulk.do("take", [bulk.Picked(case.number, 2)], {}).outcomes
        assert "sudah menjadi tugas Anda" in again.why
    with acting("leader"):
        (refused,) = bulk.do("take", [bulk.Picked(case.number, 2)], {}).outcomes
        assert not refused.ok


# --- at the same time -------------------------------------------------------------------------------


def test_who_has_it_open_is_seen_for_two_minutes(acting, case) -> None:
    with acting(*COORDINATOR):
        service.dispose(case.id, agency_codes=["DLHK"])
        assert presence.beat(case.id) == []
    with acting(*LIAISON):
        (other,) = presence.beat(case.id, "answer")
        assert (other.who, other.editing) == ("coordinator, Diskominfo", "")
    with acting(*COORDINATOR):
        (writer,) = presence.present(case.id)[:1]
        assert writer.editing == "answer"
        with pytest.raises(Conflict) as refused:
            presence.guard(case.id, "answer")
        assert "liaison, DLHK" in str(refused.value)
        presence.guard(case.id, "progress")
        with at_time(now() + timedelta(seconds=121)):
            presence.guard(case.id, "answer")
            assert presence.present(case.id) == []


def test_the_second_to_write_may_take_over_knowingly(acting, case) -> None:
    with acting(*LIAISON) as first:
        presence.beat(case.id, "answer")
    with acting(*COORDINATOR) as second:
        presence.beat(case.id, "answer")  # does not take it away
        with pytest.raises(Conflict):
            presence.guard(case.id, "answer")
        presence.take_over(case.id, "answer")
        presence.guard(case.id, "answer")
    with acting(*LIAISON):
        set_actor(first)
        assert presence.holder_of(presence.beat(case.id), "answer").officer_id == second.id
        with pytest.raises(Conflict):
            presence.guard(case.id, "answer")
        presence.leave(case.id)
        with pytest.raises(Invalid):
            presence.beat(case.id, "note'")


def test_the_unit_shares_a_draft_and_nobody_else(acting, case) -> None:
    with acting(*COORDINATOR):
        service.dispose(case.id, agency_codes=["DLHK"])
    with acting(*LIAISON):
        kept = drafts.keep(case.id, "answer-text", "Sudah ", None)
        assert (kept.version, kept.own) == (1, True)
    with acting(*LIAISON):  # a colleague
        found = drafts.drafts_of(case.id)["answer-text"]
        assert (found.text, found.by, found.own) == ("Sudah ", "liaison, DLHK", False)
        assert drafts.keep(case.id, "answer-text", "Sudah diangkut.", found.version).version == 2
        with pytest.raises(Conflict):
            drafts.keep(case.id, "answer-text", "Tulisan lain", 1)
        assert drafts.drafts_of(case.id)["answer-text"].text == "Sudah diangkut."
    with acting(*COORDINATOR):
        assert drafts.drafts_of(case.id) == {}
        with pytest.raises(Invalid):
            drafts.keep(case.id, "answer", "x", None)
    with acting(*LIAISON):
        drafts.keep(case.id, "answer-text", "  ", 2)
        assert drafts.drafts_of(case.id) == {}


def test_the_second_officer_sees_what_changed(acting, case) -> None:
    with acting(*COORDINATOR):
        service.verify(case.id, category="ROAD.POTHOLE")
        service.dispose(case.id, agency_codes=["DPUPR"], instruction="Cek.")
        found = since(case.id, 1)
    assert [each[0] for each in found.steps] == ["dispose", "verify"]
    assert found.columns["agency_id"] == ("", "Dinas Pekerjaan Umum dan Penataan Ruang")
    assert found.columns["status"] == ("received", "dispositioned")
    assert found.columns["category_code"] == ("Tumpukan sampah", "Jalan rusak atau berlubang")


# --- saved views ------------------------------------------------------------------------------------

QUERY = {"box": "all", "category": "WASTE", "order": "new", "odd": "x"}


def test_views_are_own_of_the_unit_or_of_the_desk(acting) -> None:
    with acting(*COORDINATOR) as chief:
        views.save("Sampah", "desk", QUERY, first=True)
        views.save("Punya saya", "own", {"box": "mine"})
        assert [(each.title, each.first) for each in look().views] == [
            ("Punya saya", False),
            ("Sampah", True),
        ]
        assert look().views[1].query == {"box": "all", "category": "WASTE", "order": "new"}
    with acting(*LIAISON):
        mine = views.save("Unit", "unit", {"box": "agency"})
        with pytest.raises(Forbidden):
            views.save("Semua", "desk", QUERY)
        assert {each.title for each in look().views} == {"Sampah", "Unit"}
        views.begin_with(look().views[-1].id)
        assert [each.title for each in look().views if each.first] == ["Sampah"]
        with pytest.raises(Forbidden):
            views.remove(next(each.id for each in look().views if each.title == "Sampah"))
    with acting("liaison", "DPUPR"):
        assert [each.title for each in look().views] == ["Sampah"]
        with pytest.raises(NotFound):
            views.remove(mine)
    with acting(*COORDINATOR):
        set_actor(chief)
        for each in look().views:
            views.remove(each.id)
        assert look().views == ()


def test_a_view_counts_to_twenty_five_and_says_more(acting, monkeypatch) -> None:
    monkeypatch.setattr(views, "PROBE", 2)
    with acting(*COORDINATOR):
        views.save("Sampah", "own", {"box": "all", "category": "WASTE"})
        views.save("Jalan", "own", {"box": "unverified", "category": "ROAD"})
        views.save("Baru", "own", {"box": "all"})
        for _ in range(3):
            service.submit(draft())
        counts = views.counted(look().views)
        assert sorted(counts.values()) == ["0", "2+", "2+"]


def test_lists_turn_around_and_narrow_by_reporter(acting) -> None:
    with acting():
        for n in range(3):
            with at_time(now() + timedelta(minutes=n)):
                service.submit(draft(title=f"Ke-{n}", anonymous=n == 1, secret=n == 2))
    with acting(*COORDINATOR):
        assert [each.title for each in queries.inbox("all", Filters(order="new")).items] == [
            "Ke-2",
            "Ke-1",
            "Ke-0",
        ]
        first = queries.inbox("all", Filters(order="new"), limit=2)
        second = queries.inbox("all", Filters(order="new"), first.next, limit=2)
        assert [each.title for each in second.items] == ["Ke-0"]
        assert [each.title for each in queries.inbox("all", Filters(order="old"), limit=1).items] == ["Ke-0"]
        assert [each.title for each in queries.inbox("all", Filters(reporter="anonymous")).items] == ["Ke-1"]
        assert [each.title for each in queries.inbox("all", Filters(reporter="secret")).items] == ["Ke-2"]
        assert queries.inbox("all", Filters(reporter="x")).items == ()


def row(receipt):
    from plugins.lapor.models import Complaint
    from superapp.sdk import current_tenant

    return session().get(Complaint, (current_tenant().id, receipt.id))


def test_macros_hold_no_column_that_the_form_forgets() -> None:
    left = {"tenant_id", "id", "code", "title", "category_code", "status", "agency_id", "sort"}
    columns = {each.name for each in Macro.__table__.columns} - left - {"valid_from", "valid_to", "document"}
    assert columns == {
        *macros.TEXTS,
        *("take", "verify", "set_category", "dispose", "to_agency_id", "archive_reason"),
    }
