"""What was not solved: first in line, counted, upwards the second time; and the documents of answers."""

import pytest

from plugins.lapor import service
from plugins.lapor.contracts import Upload
from plugins.lapor.jobs import photos, tidy
from plugins.lapor.service.proof import findings, papers
from plugins.lapor.service.proof.sheet import sheet
from plugins.lapor.tests import proof_scenes as scenes
from plugins.lapor.tests.proof_cases import found, reported, row
from superapp.sdk import Forbidden, Invalid, NotFound

PAPER = Upload("berita acara.pdf", scenes.pdf())


def units() -> dict[str, tuple[int, ...]]:
    from plugins.lapor.service.proof.figures import by_unit

    return {
        each.agency.code: (each.answers, each.refused, each.rejected, each.no_work, each.false_closings)
        for each in by_unit()
    }


def test_not_solved_comes_first_counts_and_climbs_the_second_time(acting, worker, monkeypatch) -> None:
    from plugins.lapor import notices, queries

    told: list = []
    monkeypatch.setattr(notices, "notify", told.append)

    receipt, other = reported(acting), reported(acting)
    for time in (1, 2):
        with acting("liaison", "DLHK"):
            service.answer(receipt.id, text="Sudah.")
        with acting():
            service.confirm(receipt.ticket, solved=False, text="Masih ada.")
        with acting("liaison", "DLHK"):
            listed = queries.inbox("agency").items
            assert [each.number for each in listed] == [receipt.number, other.number]
            assert (listed[0].priority, listed[0].unsolved) == (True, time)
            assert units()["DLHK"][:2] == (time, time)
            assert row(receipt).climbed is (time == 2)
        worker()
        heard = [each for each in told if each.key.endswith(":coordinator")]
        assert len(heard) == (1 if time == 2 else 0)
        assert [each.to for each in told if "didahulukan" in each.text] == ["dlhk@uji.example"] * time
    with acting("liaison", "DLHK"):
        assert "answer" not in service.desk_view(receipt.id).actions
        with pytest.raises(Forbidden) as refused:
            service.answer(receipt.id, text="Sudah lagi.")
        assert "Koordinator" in refused.value.detail
        service.progress(receipt.id, text="Kami kembali ke sana.")
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"], instruction="Selesaikan hari ini.")
    with acting("liaison", "DLHK"):
        assert row(receipt).priority
        assert service.answer(receipt.id, text="Sudah bersih.").status == "answered"
    with acting():
        service.confirm(receipt.ticket, solved=True)
        service.reopen(receipt.ticket, reason="Menumpuk lagi.")
    with acting("coordinator", "DISKOMINFO"):
        assert (row(receipt).priority, row(receipt).unsolved) == (True, 3)
        assert queries.counts()["priority"] == 1 and tidy.drift() == {}


def test_pages_of_the_list_join_where_priority_ends(acting) -> None:
    from plugins.lapor import queries

    receipts = [reported(acting) for _ in range(5)]
    for receipt in receipts[3:]:
        with acting("liaison", "DLHK"):
            service.answer(receipt.id, text="Sudah.")
        with acting():
            service.confirm(receipt.ticket, solved=False, text="Belum.")
    for person in (("coordinator", "DISKOMINFO"), ("liaison", "DLHK")):
        with acting(*person):
            whole = [each.number for each in queries.inbox("all").items]
            assert set(whole[:2]) == {each.number for each in receipts[3:]}
            pieces, cursor = [], None
            while True:
                page = queries.inbox("all", cursor=cursor, limit=1)
                pieces += [each.number for each in page.items]
                if (cursor := page.next) is None:
                    break
            assert pieces == whole
            ids = {each.number: each.id for each in queries.inbox("all").items}
            for place in range(1, 4):
                assert queries.neighbours(ids[whole[place]], "all") == (whole[place - 1], whole[place + 1])


def test_documents_are_downloads_for_reporter_and_desk_unless_they_act(acting, worker) -> None:
    receipt = reported(acting)
    acts = Upload("b.pdf", scenes.pdf(b"<< /S /JavaScript /JS (app.alert) >>"))
    cut = Upload("c.pdf", scenes.pdf()[:30])
    with acting("liaison", "DLHK"):
        with pytest.raises(Invalid) as refused:
            service.answer(receipt.id, text="Sudah.", documents=[PAPER, Upload("x.pdf", b"<html>")])
        assert "Dokumen 2 (x.pdf)" in refused.value.errors[0].message
        with pytest.raises(Invalid):
            service.answer(receipt.id, text="Sudah.", documents=[PAPER] * 4)
        service.answer(receipt.id, text="Sudah.", documents=[PAPER, acts, cut])
    worker()
    with acting("coordinator", "DISKOMINFO"):
        listed = papers.of_case(receipt.id)
        assert [(each.state, each.open) for each in listed] == [
            ("ready", True),
            ("ready", False),
            ("rejected", False),
        ]
        assert papers.open_document(listed[1].id)[0] == acts.data
        assert found(receipt) == {"document_script": "serious"}
        with pytest.raises(NotFound):
            papers.open_document(listed[2].id)
    with acting():
        assert papers.open_document(listed[0].id, ticket=receipt.ticket)[0] == PAPER.data
        for ticket in ("", "x"):
            with pytest.raises(NotFound):
                papers.open_document(listed[0].id, ticket=ticket)
        with pytest.raises(NotFound):
            papers.open_document(listed[1].id, ticket=receipt.ticket)
    with acting("coordinator", "DISKOMINFO"):
        photos.check_document(str(listed[1].id))
        assert len(sheet(receipt.id).findings) == 1
        heavy = sheet(receipt.id).findings[0]
        findings.resolve(receipt.id, heavy.id, verdict="accepted", reason="Formulir pemda.")
    with acting():
        assert papers.open_document(listed[1].id, ticket=receipt.ticket)[0] == acts.data


def test_the_same_document_in_two_cases_is_doubted(acting, worker) -> None:
    for _ in range(2):
        receipt = reported(acting)
        with acting("liaison", "DLHK"):
            service.answer(receipt.id, text="Sudah.", documents=[PAPER])
        worker()
    with acting("coordinator", "DISKOMINFO"):
        assert found(receipt) == {"same_document": "doubt"}
