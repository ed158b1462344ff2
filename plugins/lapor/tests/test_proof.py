"""Proof of an answer: asked for, compared with all earlier ones, doubted, decided on."""

from datetime import datetime, timedelta

import pytest
from lapor_reports import draft
from sqlalchemy import text, update

from plugins.lapor import service
from plugins.lapor.contracts import Upload
from plugins.lapor.jobs import clocks, photos, tidy
from plugins.lapor.models import Document, Photo
from plugins.lapor.pictures import hashes
from plugins.lapor.service import reference
from plugins.lapor.service.kept import steps
from plugins.lapor.service.proof import audits, compare, findings
from plugins.lapor.service.proof.sheet import sheet
from plugins.lapor.tests import proof_scenes as scenes
from plugins.lapor.tests.proof_cases import HERE, MONDAY, answered, found, photo, photo_row, reported, row
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, at_time, session, storage, work

PAPER = Upload("berita acara.pdf", scenes.pdf())
PLACE = (-8.0, 115.0)  # whole degrees: some 85 km away


@pytest.fixture
def needs(admin_connection):
    """`needs("photo")` makes that the proof of waste cases."""

    def set_proof(proof: str) -> None:
        admin_connection.execute("UPDATE lapor.category SET proof = %s WHERE code = 'WASTE.PILE'", (proof,))
        reference.forget()

    return set_proof


@pytest.mark.parametrize(
    ("proof", "photo_is_enough", "paper_is_enough", "field"),
    [
        ("none", True, True, ""),
        ("photo", True, False, "photos"),
        ("document", False, True, "documents"),
        ("photo_or_document", True, True, "photos"),
    ],
)
def test_an_answer_brings_what_its_category_asks_for(
    acting, needs, proof, photo_is_enough, paper_is_enough, field
) -> None:
    needs(proof)
    bare, with_photo, with_paper = (reported(acting) for _ in range(3))
    with acting("liaison", "DLHK"):
        if field:
            with pytest.raises(Invalid) as refused:
                service.answer(bare.id, text="Sudah diangkut.")
            assert [each.field for each in refused.value.errors] == [field]
            assert service.desk_view(bare.id).case.status == "dispositioned"
        for receipt, brought, enough in (
            (with_photo, {"photos": [photo(scenes.scene(1))]}, photo_is_enough),
            (with_paper, {"documents": [PAPER]}, paper_is_enough),
        ):
            if enough:
                assert service.answer(receipt.id, text="Sudah.", **brought).status == "answered"
            else:
                with pytest.raises(Invalid):
                    service.answer(receipt.id, text="Sudah.", **brought)


def test_no_work_is_said_with_a_reason_of_the_list_and_counted(acting, needs) -> None:
    needs("photo")
    receipt = reported(acting)
    with acting("liaison", "DLHK"):
        with pytest.raises(Invalid) as refused:
            service.answer(receipt.id, text="Tidak ada.", no_work="malas")
        assert [each.field for each in refused.value.errors] == ["no_work"]
        service.answer(receipt.id, text="Tidak ada sampah.", no_work="not_found")
        assert units()["DLHK"][:4] == (1, 0, 0, 1)
    with acting():
        line = service.public_view(receipt.number).timeline[0]
        assert line.data["no_work"] == "not_found"


def test_a_question_of_information_needs_no_proof(acting, needs) -> None:
    needs("photo")
    receipt = reported(acting, kind="information")
    with acting("liaison", "DLHK"):
        assert service.answer(receipt.id, text="Buka pukul delapan.").status == "answered"


def units() -> dict[str, tuple[int, ...]]:
    from plugins.lapor.service.proof.figures import by_unit

    return {
        each.agency.code: (each.answers, each.refused, each.rejected, each.no_work, each.false_closings)
        for each in by_unit()
    }


def test_a_copy_of_an_earlier_photo_is_found_and_another_scene_is_not(acting, worker) -> None:
    street = scenes.scene(1)
    first = answered(acting, worker, photo(street))
    again = answered(acting, worker, photo(street.resize((500, 375)), quality=40))
    trimmed = answered(acting, worker, photo(scenes.cut(street, 0.02), quality=60))
    other = answered(acting, worker, photo(scenes.scene(2)))
    with acting("coordinator", "DISKOMINFO"):
        assert found(first) == found(other) == {}
        assert found(again) == {"same_picture": "serious"}
        assert found(trimmed) in ({"same_picture": "doubt"}, {"same_picture": "serious"})
        told = [each for each in sheet(again.id).findings if each.code == "same_picture"]
        assert [each.other for each in told] == [first.number]
        assert photo_row(first).id in sheet(first.id).unused
        assert photo_row(again).id not in sheet(again.id).unused


def test_the_same_file_and_the_photo_before_are_found(acting, worker) -> None:
    street = photo(scenes.scene(3))
    first = answered(acting, worker, street)
    second = answered(acting, worker, street)
    lazy = answered(acting, worker, photo(scenes.scene(4)), before=(photo(scenes.scene(4), quality=70),))
    with acting("coordinator", "DISKOMINFO"):
        assert (found(first), found(second)) == ({}, {"same_file": "serious"})
        assert found(lazy) == {"before_is_after": "serious"}


def test_time_and_place_are_held_against_the_report(acting, worker) -> None:
    with at_time(MONDAY):
        old = answered(acting, worker, photo(scenes.scene(1), taken=datetime(2026, 2, 20, 9)))
        far = answered(acting, worker, photo(scenes.scene(2), taken=datetime(2026, 3, 2, 10), at=PLACE))
        good = answered(acting, worker, photo(scenes.scene(3), taken=datetime(2026, 3, 2, 10)))
        with acting("coordinator", "DISKOMINFO"):
            assert found(old) == {"taken_before": "serious"}
            assert found(far) == {"far_away": "serious"}
            assert 80_000 < photo_row(far).distance_m < 90_000
            assert found(good) == {}


def test_a_reporters_photo_is_told_about_but_never_heavily(acting, worker) -> None:
    street = scenes.scene(5)
    answered(acting, worker, photo(street))
    receipt = reported(acting, photo(street, taken=datetime(2020, 1, 1, 9), at=PLACE, software="Canva"))
    worker()
    with acting("coordinator", "DISKOMINFO"):
        weights = {each.code: each.weight for each in sheet(receipt.id).findings}
    assert weights == {
        "same_picture": "note",
        "taken_long_before": "note",
        "far_away": "note",
        "edited": "doubt",
    }


def test_a_worker_killed_between_effect_and_mark_writes_no_second_finding(acting, worker) -> None:
    street = photo(scenes.scene(6))
    answered(acting, worker, street)
    second = answered(acting, worker, street)
    with acting("coordinator", "DISKOMINFO"):
        before = sheet(second.id).findings
        mine = photo_row(second)
        with work() as unit:  # as if its mark had been lost
            raw = storage.put("lapor_raw", street.data, ".jpg")
            unit.execute(update(Photo).where(Photo.id == mine.id).values(state="waiting", raw=raw))
        photos.develop_photo(str(mine.id))
        photos.develop_photo(str(mine.id))
        session().expire_all()
        assert sheet(second.id).findings == before
        assert photo_row(second).state == "ready"


def test_the_younger_photo_is_doubted_even_when_it_was_ready_first(acting, worker) -> None:
    street = photo(scenes.scene(7))
    older, younger = reported(acting), reported(acting)
    with acting("liaison", "DLHK"):
        with at_time(MONDAY):
            service.answer(older.id, text="Sudah.", photos=[street])
        with at_time(MONDAY + timedelta(hours=1)):
            service.answer(younger.id, text="Sudah.", photos=[street])
        photos.develop_photo(str(photo_row(younger).id))
        assert found(younger) == {}
        photos.develop_photo(str(photo_row(older).id))
        assert "same_file" in found(younger) and "same_file" not in found(older)


def test_what_only_a_secret_case_holds_is_told_to_those_alone_who_may_open_it(acting, worker) -> None:
    street = photo(scenes.scene(8))
    secret = reported(acting, street, secret=True)
    worker()
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(secret.id, agency_codes=["DPUPR"])
    receipt = answered(acting, worker, street)
    with acting("liaison", "DLHK"):
        assert found(receipt) == {}
        assert photo_row(receipt).id not in sheet(receipt.id).unused  # nor is the contrary said
        assert findings.waiting() == ()
    with acting("coordinator", "DISKOMINFO"):
        assert found(receipt) == {"same_file": "serious"}
        assert sheet(receipt.id).findings[0].other == secret.number
        mine = sheet(receipt.id).findings[0]
    with acting("auditor"), pytest.raises((NotFound, Forbidden)):
        findings.resolve(receipt.id, mine.id, verdict="accepted", reason="x")


def test_another_units_case_is_told_without_its_number(acting, worker) -> None:
    street = photo(scenes.scene(9))
    theirs = answered(acting, worker, street)
    with acting("coordinator", "DISKOMINFO"):
        other = reported(acting, title="Got mampet", body="Air got meluap ke jalan setiap hujan deras.")
        service.dispose(other.id, agency_codes=["DPUPR"])
    with acting("liaison", "DPUPR"):
        service.answer(other.id, text="Sudah.", photos=[street])
    worker()
    with acting("liaison", "DPUPR"):
        assert [(each.code, each.other) for each in sheet(other.id).findings if each.weight != "note"] == [
            ("same_file", "")
        ]
    with acting("coordinator", "DISKOMINFO"):
        assert [each.other for each in sheet(other.id).findings if each.code == "same_file"] == [
            theirs.number
        ]


def test_whistle_blowers_photos_are_compared_with_nobodys(acting, worker) -> None:
    street = photo(scenes.scene(10))
    with acting():
        service.submit(draft(category="INTEGRITY.EXTORTION"), [street])
    worker()
    receipt = answered(acting, worker, street)
    with acting("coordinator", "DISKOMINFO"):
        assert found(receipt) == {}


def test_the_photos_of_another_government_are_never_looked_at(acting, worker, tenant_b) -> None:
    street = photo(scenes.scene(11))
    with acting(tenant=tenant_b):
        service.submit(draft(), [street])
    worker()
    receipt = answered(acting, worker, street)
    with acting("coordinator", "DISKOMINFO"):
        assert found(receipt) == {}


def doubted(acting, worker):
    """A case whose proof is old, and its heavy finding."""
    with at_time(MONDAY):
        receipt = answered(acting, worker, photo(scenes.scene(12), taken=datetime(2026, 2, 1, 9)))
        with acting("coordinator", "DISKOMINFO"):
            heavy = next(each for each in sheet(receipt.id).findings if each.weight == "serious")
    return receipt, heavy


def test_a_doubted_case_does_not_close_by_itself_until_somebody_decided(acting, worker) -> None:
    receipt, heavy = doubted(acting, worker)
    with at_time(MONDAY + timedelta(days=60)), acting("coordinator", "DISKOMINFO"):
        clocks.close_silent()
        assert row(receipt).status == "answered"
        with pytest.raises(Conflict):
            service.autoclose(receipt.id)
        assert [each.number for each in findings.waiting()] == [receipt.number]
        with pytest.raises(Invalid):
            findings.resolve(receipt.id, heavy.id, verdict="accepted", reason=" ")
        findings.resolve(receipt.id, heavy.id, verdict="accepted", reason="Jam kamera salah.")
        with pytest.raises(Conflict):
            findings.resolve(receipt.id, heavy.id, verdict="rejected", reason="Berubah pikiran.")
        clocks.close_silent()
        assert row(receipt).status == "closed"
        told = [each for each in service.desk_view(receipt.id).notes if each.type == "finding"]
        assert [each.text for each in told] == ["Jam kamera salah."]
    with acting("auditor"):
        assert [(each.number, each.cause) for each in audits.queue()] == [(receipt.number, "finding")]


def test_a_refused_proof_gives_the_case_back_first_in_line(acting, worker, monkeypatch) -> None:
    from plugins.lapor import notices, queries

    told: list = []
    monkeypatch.setattr(notices, "notify", told.append)
    receipt, heavy = doubted(acting, worker)
    with acting("liaison", "DLHK"), pytest.raises(Forbidden):
        findings.resolve(receipt.id, heavy.id, verdict="rejected", reason="x")
    with acting("coordinator", "DISKOMINFO"):
        done = findings.resolve(receipt.id, heavy.id, verdict="rejected", reason="Foto bulan lalu.")
        assert done.status == "in_progress"
        offered = steps.offer(receipt.id)
        assert offered is not None and offered.refusal
        assert [row.number for row in queries.inbox("priority").items] == [receipt.number]
        assert queries.counts()["priority"] == 1
        assert units()["DLHK"][:3] == (1, 0, 1)
        assert tidy.drift() == {}
    worker()
    mail = [each for each in told if "Foto bulan lalu." in each.text]
    assert [each.to for each in mail] == ["dlhk@uji.example"]
    with acting():  # everybody reads that it goes on, the reason stays with the desk
        assert "bulan lalu" not in repr(service.public_view(receipt.number))
        assert "bulan lalu" not in repr(service.reporter_view(receipt.ticket))
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Diangkut lagi.", photos=[photo(scenes.scene(13))])
        assert queries.counts()["priority"] == 0


def test_lost_jobs_and_photos_older_than_the_comparing_are_caught_up(
    acting, worker, admin_connection
) -> None:
    with at_time(MONDAY):
        receipt = answered(acting, worker, photo(scenes.scene(14)))
        other = reported(acting)
        with acting("liaison", "DLHK"):
            service.answer(other.id, text="Sudah.", documents=[PAPER])
    admin_connection.execute("DELETE FROM lapor.fingerprint")
    with acting("coordinator", "DISKOMINFO"):
        with work() as unit:
            unit.execute(text("DELETE FROM jobs.procrastinate_jobs WHERE args->>'job' = 'lapor.document'"))
        tidy.tidy()
    worker()
    with acting("coordinator", "DISKOMINFO"):
        assert photo_row(receipt).id in sheet(receipt.id).unused
        assert session().query(Document).one().state == "ready"


FILL = """
INSERT INTO lapor.fingerprint
    (tenant_id, photo_id, complaint_id, phash, dhash, band_1, band_2, band_3, band_4, made_at)
SELECT p.tenant_id, gen_random_uuid(), p.complaint_id, h, -h,
    ((h >> 48) & 65535)::int - 32768, ((h >> 32) & 65535)::int - 32768,
    ((h >> 16) & 65535)::int - 32768, (h & 65535)::int - 32768, now()
FROM (SELECT tenant_id, complaint_id FROM lapor.photo LIMIT 1) p,
    LATERAL (SELECT ('x' || md5(n::text))::bit(64)::bigint AS h FROM generate_series(1, 60000) n) r
"""


def test_earlier_photos_are_found_by_index_among_many(acting, worker, admin_connection) -> None:
    receipt = answered(acting, worker, photo(scenes.scene(15)))
    admin_connection.execute("ALTER TABLE lapor.fingerprint DISABLE TRIGGER ALL")
    admin_connection.execute(FILL)
    admin_connection.execute("ALTER TABLE lapor.fingerprint ENABLE TRIGGER ALL")
    admin_connection.execute("ANALYZE lapor.fingerprint")
    with acting("coordinator", "DISKOMINFO"):
        mine = photo_row(receipt)
        asked = compare.parameters(mine.id, hashes.Fingerprint(12345, 67890))
        lines = session().execute(text(f"EXPLAIN (ANALYZE) {compare.ALIKE.text}"), asked).scalars().all()
    plan = "\n".join(lines)
    assert "Seq Scan on fingerprint" not in plan, plan
    assert all(f"fingerprint_band_{band}" in plan for band in range(1, 5)), plan
    spent = float(plan.rsplit("Execution Time: ", 1)[1].split(" ")[0])
    assert spent < 200, plan


def test_what_the_case_shows_of_distance_is_measured(acting, worker) -> None:
    from plugins.lapor.service.proof.judge import metres

    assert metres(*HERE, *HERE) == 0
    assert abs(metres(-8.0, 115.0, -9.0, 115.0) - 111_195) < 5
    assert metres(0, -179.999, 0, 179.999) < 300
