"""Questions of a category: asked with the report, answered later, kept with what was asked then."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest
from lapor_reports import PIXEL, draft
from sqlalchemy import event, select, text, update

from plugins.lapor import service
from plugins.lapor.contracts import Upload
from plugins.lapor.jobs import coach as jobs
from plugins.lapor.models import AnswerRow, AskedRow, Complaint, QuestionRow
from plugins.lapor.service.coach import rules
from plugins.lapor.service.coach.answers import of_case
from plugins.lapor.service.coach.hints import hints
from plugins.lapor.service.coach.rows import questions_of
from plugins.lapor.service.coaching.correct import revisions_of
from plugins.lapor.service.coaching.wait import figures
from plugins.lapor.service.deskwork import undo
from plugins.lapor.service.kept import steps
from superapp.sdk import SYSTEM, Conflict, Invalid, NotFound, at_time, now, session, set_actor, work

ANSWERS = {"width": "40", "traffic": "Bisa", "harm": ["Macet"], "witness": "Ibu Sari, 081234567890"}


def pothole(**changes):
    return draft(category="ROAD.POTHOLE", body="Lubang di tikungan depan pasar sejak Senin.", **changes)


def codes(error) -> set[tuple[str, str]]:
    return {(each.field, each.code) for each in error.value.errors}


def test_answers_are_kept_with_the_report_and_the_question_as_asked(acting) -> None:
    with acting():
        made = service.submit(pothole(answers=ANSWERS), whole=True)
        kept = {each.code: each for each in of_case(made.id)}
        assert kept["width"].text == "40 cm"
        assert kept["traffic"].value == ("Bisa",)
        assert kept["traffic"].options[:2] == ("Bisa", "Sebagian")
        assert kept["width"].version == 1
        with work() as unit:
            row = unit.scalars(select(QuestionRow).where(QuestionRow.code == "width")).one()
            row.label = "Berapa meter lebarnya?"
        session().expire_all()
        again = {each.code: each for each in of_case(made.id)}["width"]
        assert again.label == kept["width"].label == "Berapa lebar lubangnya?"
        assert session().scalars(select(QuestionRow.version).where(QuestionRow.code == "width")).one() == 2


def test_everybody_reads_only_public_answers_and_no_number_in_them(acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        with work() as unit:
            unit.execute(update(QuestionRow).where(QuestionRow.code == "since").values(public=False))
            unit.execute(update(QuestionRow).where(QuestionRow.code == "witness").values(public=True))
        from plugins.lapor.service import reference

        reference.forget()
        made = service.submit(pothole(answers=ANSWERS))
        service.verify(made.id)
    with acting():
        seen = repr(service.public_view(made.number))
        assert "40 cm" in seen
        assert "Ibu Sari" in seen
        assert "081234567890" not in seen
        assert "Macet" not in seen  # not a public question
        secret = service.submit(pothole(answers=ANSWERS, secret=True))
        assert {each.code for each in of_case(secret.id)} == set(ANSWERS)


def test_what_is_missing_is_asked_once_and_can_be_left_open(acting) -> None:
    with acting():
        with pytest.raises(Invalid) as refused:
            service.submit(pothole(answers={"width": "40"}), whole=True)
        assert codes(refused) == {("answers.traffic", "required")}
        assert service.submit(pothole(answers={"width": "40"})).number
        with pytest.raises(Invalid) as refused:
            service.submit(pothole(answers={"width": "lebar", "traffic": "Entah"}))
        assert codes(refused) == {("answers.width", "format"), ("answers.traffic", "choice")}
        assert session().scalar(select(Complaint.id).where(Complaint.title == "x")) is None


def test_a_picture_answers_a_question_and_is_judged_like_any_other(acting) -> None:
    with acting():
        made = service.submit(pothole(), answer_files={"close_up": [Upload("a.png", PIXEL)]})
        (kept,) = of_case(made.id)
        assert kept.kind == "file"
        assert len(kept.photos) == 1
        for files in ([Upload("a.txt", b"x")], [Upload("a.png", PIXEL)] * 3):
            with pytest.raises(Invalid) as refused:
                service.submit(pothole(), answer_files={"close_up": files})
            assert {field for field, _ in codes(refused)} == {"answers.close_up"}


def test_the_same_key_with_other_answers_is_another_report(acting) -> None:
    with acting():
        first = service.submit(pothole(answers=ANSWERS), idempotency_key="k1")
        assert service.submit(pothole(answers=ANSWERS), idempotency_key="k1").number == first.number
        assert len(of_case(first.id)) == len(ANSWERS)
        with pytest.raises(Conflict):
            service.submit(pothole(answers={**ANSWERS, "width": "41"}), idempotency_key="k1")


def test_a_longer_category_speaks_before_a_shorter_one(acting) -> None:
    with acting("admin"), work():
        rules.put_question({"category": "ROAD", "code": "width", "kind": "string", "label": "Umum?"})
        rules.put_question({"category": "", "code": "extra", "kind": "string", "label": "Untuk semua?"})
        asked = {each.code: each.label for each in questions_of("ROAD.POTHOLE")}
        assert asked["width"] == "Berapa lebar lubangnya?"
        assert asked["extra"] == "Untuk semua?"
        assert [each.code for each in questions_of(None)] == ["extra"]
        assert [each.code for each in questions_of("WASTE.PILE")] == ["extra"]


def test_a_changed_question_is_a_new_version_and_an_ended_one_is_asked_no_more(acting) -> None:
    form = {"category": "WASTE.PILE", "code": "bags", "kind": "number", "label": "Berapa karung?"}
    with acting("admin"):
        assert not rules.put_question(form)
        with at_time(now() + timedelta(days=3)):
            assert rules.put_question({**form, "label": "Kira-kira berapa karung?"})
            (asked,) = questions_of("WASTE.PILE")
            assert (asked.label, asked.version) == ("Kira-kira berapa karung?", 2)
            assert rules.put_question({**form, "label": "Ada berapa karung?"})  # again on the same day
            (asked,) = questions_of("WASTE.PILE")
            assert (asked.label, asked.version) == ("Ada berapa karung?", 3)
            made = service.submit(draft(answers={"bags": 3}))
            last = rules.end_question(asked.id)
            assert last is not None
            assert questions_of("WASTE.PILE") == (asked.__class__(*_with(asked, valid_to=last)),)
        with at_time(now() + timedelta(days=4)):
            from plugins.lapor.service import reference

            reference.forget()
            assert questions_of("WASTE.PILE") == ()
            assert of_case(made.id)[0].label == "Ada berapa karung?"
            with pytest.raises(NotFound):
                rules.end_question(asked.id)


def _with(question, **changes):
    return [changes.get(name, getattr(question, name)) for name in question.__slots__]


def test_a_bad_question_is_refused_with_its_field_and_nothing_is_kept(acting) -> None:
    with acting("admin"):
        before = session().scalar(select(text("count(*)")).select_from(QuestionRow))
        with pytest.raises(Invalid) as refused:
            rules.put_question({"category": "NOPE", "code": "A b", "kind": "choice", "label": "", "low": "x"})
        assert {"category", "code", "label", "options", "low"} <= {field for field, _ in codes(refused)}
        assert session().scalar(select(text("count(*)")).select_from(QuestionRow)) == before


SAID = [
    ("Lampu mati", None, False, {"short", "where", "since"}),
    ("Lampu jalan mati di depan pasar sejak Senin malam", None, False, set()),
    ("Jalan di depan pasar berlubang sejak kemarin pagi", "ROAD.POTHOLE", True, {"size"}),
    ("Jalan di depan pasar berlubang 2 meter sejak kemarin", "ROAD.POTHOLE", True, set()),
    ("", "ROAD.POTHOLE", False, set()),
]


@pytest.mark.parametrize(("said", "category", "placed", "lacking"), SAID)
def test_hints_say_what_a_report_still_lacks(acting, said, category, placed, lacking) -> None:
    with acting():
        assert {each.code for each in hints(said, category, placed=placed)} == lacking


def test_two_matters_in_one_report_are_noticed(acting) -> None:
    with acting():
        two = "Sampah menumpuk di depan pasar sejak Senin dan got mampet di gang sebelah, selokan meluap"
        assert "one" in {each.code for each in hints(two, None, placed=True)}


@pytest.fixture
def asked(acting):
    """A case whose reporter was asked two questions of the category and one sentence."""
    with acting():
        made = service.submit(pothole(answers={"width": "40"}))
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(made.id, agency_codes=["DPUPR"])
        service.ask(
            made.id, codes=["traffic", "harm"], ready=["Jalan nasional atau kota?"], text="Terima kasih."
        )
    return made


def test_asking_stops_the_clock_and_a_tap_lets_it_run_on(acting, asked) -> None:
    with acting():
        view = service.reporter_view(asked.ticket)
        assert view.case.status == "on_hold"
        assert "Apakah jalan masih bisa dilewati?" in view.question
        assert view.question.endswith("Terima kasih.")
        service.reply(asked.ticket, given={"traffic": ["Sebagian"]})
        view = service.reporter_view(asked.ticket)
        assert view.case.status == "dispositioned"
        assert "Sebagian" in view.case.timeline[0].text
        row = session().scalars(select(AskedRow)).one()
        assert (row.outcome, row.codes) == ("answered", ["traffic", "harm"])
        assert figures(now()) == {"asked": 1, "replied": 1, "incomplete": 0}
        with pytest.raises(Invalid):
            service.reply(asked.ticket, given={"traffic": [""]})


def test_a_question_of_another_category_or_none_at_all_is_refused(acting, asked) -> None:
    with acting():
        service.reply(asked.ticket, text="Bisa dilewati.")
    with acting("coordinator", "DISKOMINFO"):
        for wrong in ({"codes": ["nope"]}, {"text": " "}):
            with pytest.raises(Invalid) as refused:
                service.ask(asked.id, **wrong)
            assert {field for field, _ in codes(refused)} == {"question"}


def test_a_question_taken_back_within_its_minute_was_never_asked(acting, asked) -> None:
    with acting("coordinator", "DISKOMINFO"):
        made = service.submit(pothole())
        service.ask(made.id, codes=["traffic"])
        assert figures(now())["asked"] == 2
        offer = steps.offer(made.id)
        assert offer is not None
        undo.undo(offer.batch_id)
        assert service.public_view(made.number).status == "received"
        waits = select(AskedRow.id).where(AskedRow.complaint_id == made.id)
        assert session().scalars(waits).all() == []
        assert figures(now())["asked"] == 1


def test_a_silent_reporter_is_reminded_once_and_then_the_case_goes_on(acting, asked) -> None:
    with acting():
        set_actor(SYSTEM)
        jobs.remind_silent()
        jobs.settle_silent()
        assert session().scalars(select(AskedRow.reminded_at)).one() is None
        with at_time(now() + timedelta(days=4)):
            jobs.remind_silent()
            jobs.remind_silent()
            lines = [each for each in service.public_view(asked.number).timeline if each.type == "remind"]
            assert len(lines) == 1
        with at_time(now() + timedelta(days=11)):
            jobs.settle_silent()
            jobs.settle_silent()
            case = service.public_view(asked.number)
            assert case.status == "dispositioned"
            assert "tanpa jawaban" in case.timeline[0].text
            assert session().scalars(select(AskedRow.outcome)).one() == "resumed"


def test_a_government_may_archive_what_stays_unanswered_never_without_its_reason(
    acting, asked, monkeypatch
) -> None:
    from plugins.lapor.service.coaching import wait

    known = wait.setting
    monkeypatch.setattr(wait, "setting", lambda name: "archive" if name == "ask_then" else known(name))
    with acting(), at_time(now() + timedelta(days=11)):
        set_actor(SYSTEM)
        jobs.settle_silent()
        case = service.public_view(asked.number)
        assert case.status == "archived"
        assert case.timeline[0].data["reason_code"] == "incomplete"
        assert asked.number in case.timeline[0].text
        assert figures(now())["incomplete"] == 1


def test_a_reporter_corrects_until_an_officer_has_read_it_and_the_desk_sees_what_was_before(acting) -> None:
    with acting():
        made = service.submit(pothole(answers=ANSWERS))
        service.correct(
            made.ticket,
            version=1,
            title="Lubang besar di tikungan",
            address="Jalan Waribang 2",
            given={"width": "90", "harm": []},
        )
        kept = {each.code: each.text for each in of_case(made.id)}
        assert (kept["width"], "harm" in kept) == ("90 cm", False)
        shown = repr(service.public_view(made.number))
        assert "Tumpukan sampah" not in shown
        with pytest.raises(Conflict):
            service.correct(made.ticket, version=1, body="Lagi.")
        with pytest.raises(Invalid):
            service.correct(made.ticket, version=2, body=" ", given={"width": "x"})
        assert service.correct(made.ticket, version=2, category="DRAIN.CLOG").version == 3
    with acting("coordinator", "DISKOMINFO"):
        second, first = revisions_of(made.id)
        assert first.title == "Tumpukan sampah di depan pasar"
        assert ("Berapa lebar lubangnya?", "40 cm") in first.answers
        assert second.category == "Jalan rusak atau berlubang"
        service.verify(made.id)
    with acting(), pytest.raises(Conflict):
        service.correct(made.ticket, version=None, body="Terlambat.")


def test_the_window_for_correcting_ends_and_no_one_slips_onto_the_secret_path(acting) -> None:
    with acting():
        made = service.submit(pothole())
        with pytest.raises(Conflict):
            service.correct(made.ticket, version=1, category="INTEGRITY.EXTORTION")
        with at_time(now() + timedelta(minutes=61)), pytest.raises(Conflict):
            service.correct(made.ticket, version=1, body="Terlambat.")
        assert service.public_view(made.number).version == 1


def test_a_return_and_a_hold_give_reason_rule_and_remedy(acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        made = service.submit(pothole())
        service.dispose(made.id, agency_codes=["DPUPR"])
        service.hold(made.id, reason_code="parts")
        service.resume(made.id)
        service.give_back(made.id, owner_agency_code="DLHK", reason_code="not_our_asset")
        for wrong in ({"reason_code": "mood"}, {}):
            with pytest.raises(Invalid):
                service.hold(made.id, **wrong)
    with acting():
        told = {each.type: each.data for each in service.reporter_view(made.ticket).case.timeline}
        assert told["hold"]["reason_title"] == "Menunggu bahan atau suku cadang"
        assert told["give_back"]["rule"]
        assert "Kota Uji" in told["give_back"]["remedy"]


def test_another_government_sees_none_of_it(acting, tenant_b) -> None:
    with acting():
        service.submit(pothole(answers=ANSWERS))
    with acting("admin", tenant=tenant_b):
        assert session().scalars(select(AnswerRow)).all() == []
        mine = {each.id for each in questions_of("ROAD.POTHOLE")}
    with acting("admin"):
        for question_id in islice(mine, 1):
            with pytest.raises(NotFound):
                rules.end_question(question_id)


FILL = """
INSERT INTO lapor.asked (tenant_id, id, complaint_id, text, asked_at, due_on, ended_at, outcome, reminded_at)
SELECT t.id, gen_random_uuid(), c.id, 'Di mana?', now() - n * interval '1 hour', current_date + 5,
    now(), 'answered', NULL
FROM core.tenant t JOIN lapor.complaint c ON c.tenant_id = t.id, generate_series(1, 20000) n
WHERE t.slug = 'uji-a';
INSERT INTO lapor.answer (tenant_id, id, complaint_id, question_id, code, version, asked, value, "current",
    answered_by, answered_at)
SELECT t.id, gen_random_uuid(), c.id, q.id, 'width', 1, '{}', '{1}', false, 'reporter', now()
FROM core.tenant t JOIN lapor.complaint c ON c.tenant_id = t.id
    JOIN lapor.question q ON q.tenant_id = t.id AND q.code = 'width', generate_series(1, 20000) n
WHERE t.slug = 'uji-a'
"""


def test_jobs_and_pages_read_no_whole_table(acting, admin_connection) -> None:
    with acting():
        made = service.submit(pothole(answers=ANSWERS))
        other = service.submit(pothole(title="Lain"))
    admin_connection.execute(FILL)
    admin_connection.execute("ANALYZE lapor.asked, lapor.answer")
    with acting("coordinator", "DISKOMINFO"):
        sent: list[tuple[str, object]] = []

        def note(_connection, _cursor, statement, parameters, *_) -> None:
            if "lapor.asked" in statement or "lapor.answer" in statement:
                sent.append((statement, parameters))

        engine = session().get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            set_actor(SYSTEM)
            jobs.remind_silent()
            jobs.settle_silent()
            of_case(other.id)
            service.reply(made.ticket, given={"width": "50"})
        finally:
            event.remove(engine, "before_cursor_execute", note)
        driver = session().connection().connection.dbapi_connection
        plans = []
        for statement, parameters in sent:
            if statement.lstrip().startswith("SELECT"):
                with driver.cursor() as cursor:
                    cursor.execute("EXPLAIN " + statement, parameters)
                    plans += [line for (line,) in cursor.fetchall()]
    assert len(plans) > 4
    assert [line for line in plans if "Seq Scan" in line] == []
