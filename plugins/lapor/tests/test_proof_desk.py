"""Proof on the pages of desk and citizen: forms that keep words, findings that are decided on, downloads."""

import base64
from datetime import datetime
from io import BytesIO

from plugins.lapor import service
from plugins.lapor.contracts import Upload
from plugins.lapor.service import reference
from plugins.lapor.service.proof import papers
from plugins.lapor.service.proof.sheet import sheet
from plugins.lapor.tests import proof_scenes as scenes
from plugins.lapor.tests.desk_people import COUNTER, sits, step
from plugins.lapor.tests.proof_cases import MONDAY, answered, photo, reported, row
from superapp.identity import keys
from superapp.sdk import at_time


def test_a_missing_proof_is_named_beside_its_field_with_the_words_kept(
    app, client, tenant_a, acting, admin_connection
) -> None:
    admin_connection.execute("UPDATE lapor.category SET proof = 'photo' WHERE code = 'WASTE.PILE'")
    reference.forget()
    receipt = reported(acting)
    unit = sits(app, client, tenant_a, "liaison", "DLHK")
    assert "perlu foto sesudah" in unit.get(f"/meja/lapor/{receipt.number}").text
    page = step(unit, receipt, "jawab", 2, answer__text="Sudah bersih sejak pagi.")
    assert page.status_code == 422
    assert "Lampirkan foto sesudah dikerjakan" in page.text
    assert "Sudah bersih sejak pagi.</textarea>" in page.text
    paper = (BytesIO(scenes.pdf()), "berita.pdf")
    both = {"answer__photos": (BytesIO(scenes.saved(scenes.scene(1))), "a.jpg"), "answer__documents": paper}
    assert step(unit, receipt, "jawab", 2, answer__text="Sudah.", **both).status_code == 303


def test_no_work_is_chosen_and_told_to_everybody(app, client, tenant_a, acting) -> None:
    receipt = reported(acting)
    unit = sits(app, client, tenant_a, "liaison", "DLHK")
    wrong = step(unit, receipt, "jawab", 2, answer__text="Tidak ada.", answer__no_work="x")
    assert wrong.status_code == 422 and "Pilih alasan dari daftar." in wrong.text
    done = step(unit, receipt, "jawab", 2, answer__text="Tidak ada.", answer__no_work="not_found")
    assert done.status_code == 303
    assert "tidak ditemukan di lokasi" in client(tenant_a).get(f"/lapor/lacak/{receipt.number}").text


def test_before_and_after_stand_side_by_side_with_facts(app, client, tenant_a, acting, worker) -> None:
    with at_time(MONDAY):
        before = photo(scenes.scene(1), taken=datetime(2026, 3, 2, 9))
        after = photo(scenes.scene(2), taken=datetime(2026, 3, 2, 10), at=(-8.0, 115.0))
        receipt = answered(acting, worker, after, before=(before,))
        with acting():
            service.confirm(receipt.ticket, solved=False, text="Belum.")
    page = sits(app, client, tenant_a, "coordinator", COUNTER).get(f"/meja/lapor/{receipt.number}").text
    assert "km dari titik" in page and "belum pernah dipakai" in page
    assert "jauh dari titik laporan" in page and "Didahulukan" in page
    assert page.count("/samarkan") == 2


def test_the_tracking_page_tells_when_and_where_the_photo_after_was_taken(
    client, tenant_a, acting, worker
) -> None:
    with at_time(MONDAY):
        shot = photo(scenes.scene(2), taken=datetime(2026, 3, 2, 10), at=(-8.0, 115.0))
        receipt = answered(acting, worker, shot, before=(photo(scenes.scene(3)),))
        page = client(tenant_a).get(f"/lapor/lacak/{receipt.number}").text
    assert "Foto sesudah diambil Senin, 2 Maret" in page and "km dari titik" in page


def test_a_finding_is_decided_on_its_page(app, client, tenant_a, acting, worker) -> None:
    with at_time(MONDAY):
        receipt = answered(acting, worker, photo(scenes.scene(4), taken=datetime(2026, 2, 1, 9)))
    desk = sits(app, client, tenant_a, "coordinator", COUNTER)
    with acting("coordinator", "DISKOMINFO"):
        heavy = next(each for each in sheet(receipt.id).findings if each.weight == "serious")
    listed = desk.get("/meja/lapor/temuan").text
    assert receipt.number in listed and "sebelum laporan dibuat" in listed
    address, prefix = f"temuan/{heavy.id}", f"finding-{heavy.id.hex[-8:]}"
    nothing = step(desk, receipt, address, **{f"{prefix}-reason": "Alasan yang sudah diketik."})
    assert nothing.status_code == 422
    assert "Pilih wajar atau tolak." in nothing.text
    assert "Alasan yang sudah diketik.</textarea>" in nothing.text
    typed = {f"{prefix}-verdict": "rejected", f"{prefix}-reason": "Foto lama."}
    unit = sits(app, client, tenant_a, "liaison", "DLHK")
    assert step(unit, receipt, address, **typed).status_code == 403
    assert "Putuskan temuan ini" not in unit.get(f"/meja/lapor/{receipt.number}").text
    assert step(desk, receipt, address, **typed).status_code == 303
    assert step(desk, receipt, address, **typed).status_code == 409
    page = unit.get(f"/meja/lapor/{receipt.number}").text
    assert "Bukti ditolak" in page and "Foto lama." in page and "Didahulukan" in page
    assert "Tidak ada temuan" in desk.get("/meja/lapor/temuan").text
    with acting("coordinator", "DISKOMINFO"):
        assert row(receipt).status == "in_progress"


def test_the_coordinator_refuses_a_proof_of_their_own_judgement(
    app, client, tenant_a, acting, worker
) -> None:
    receipt = answered(acting, worker, photo(scenes.scene(5)))
    desk = sits(app, client, tenant_a, "coordinator", COUNTER)
    assert "Tolak bukti jawaban ini" in desk.get(f"/meja/lapor/{receipt.number}").text
    empty = step(desk, receipt, "tolak-bukti", 3, reject_proof__reason="")
    assert empty.status_code == 422
    assert step(desk, receipt, "tolak-bukti", 3, reject_proof__reason="Bukan tempat ini.").status_code == 303


def test_a_document_is_a_download_without_rights(app, client, tenant_a, acting, worker) -> None:
    receipt = reported(acting)
    unit = sits(app, client, tenant_a, "liaison", "DLHK")
    paper = (BytesIO(scenes.pdf()), "../../berita acara.pdf")
    assert step(unit, receipt, "jawab", 2, answer__text="Sudah.", answer__documents=paper).status_code == 303
    worker()
    with acting("coordinator", "DISKOMINFO"):
        document = papers.of_case(receipt.id)[0].id
    citizen = client(tenant_a)
    opened = citizen.get(f"/lapor/buka/{receipt.ticket}")
    assert "Unduh PDF" in citizen.get(opened.location).text
    answers = [
        unit.get(f"/meja/lapor/dokumen/{document}"),
        citizen.get(f"/lapor/dokumen/{receipt.number}/{document}"),
    ]
    for answer in answers:
        assert answer.data == scenes.pdf()
        headers = answer.headers
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Disposition"] == f'attachment; filename="bukti-{receipt.number}.pdf"'
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert client(tenant_a).get(f"/lapor/dokumen/{receipt.number}/{document}").status_code == 404
    other = sits(app, client, tenant_a, "liaison", "DPUPR")
    assert other.get(f"/meja/lapor/dokumen/{document}").status_code == 404
    assert "Unduh" not in client(tenant_a).get(f"/lapor/lacak/{receipt.number}").text


def test_a_file_that_is_photo_and_page_at_once_is_served_as_the_photo_alone(
    client, tenant_a, acting, worker
) -> None:
    both = scenes.saved(scenes.scene(6)) + b"<html><script>alert(1)</script></html>PK\x05\x06" + b"\0" * 18
    receipt = reported(acting)
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Sudah.", photos=[Upload("a.jpg", both)])
    worker()
    with acting():
        answer = next(item for item in service.public_view(receipt.number).timeline if item.photos)
        data, mimetype = service.open_photo(answer.photos[0].id)
    assert mimetype == "image/webp" and data[8:12] == b"WEBP"
    assert b"script" not in data and b"PK\x05\x06" not in data


def test_a_program_answers_with_its_proof_as_base64(client, tenant_a, acting, admin_connection) -> None:
    admin_connection.execute("UPDATE lapor.category SET proof = 'photo' WHERE code = 'WASTE.PILE'")
    reference.forget()
    receipt = reported(acting)
    rights = frozenset({"lapor.inbox", "lapor.handle"})
    with acting():
        _view, key = keys.create("Uji", tuple(rights), 30, rights, "DLHK")
    caller, address = client(tenant_a), f"/api/v1/lapor/complaints/{receipt.number}/actions/answer"

    def send(**told: object) -> object:
        return caller.post(
            address, json={"version": 2, "text": "Sudah.", **told}, headers={"Authorization": f"Bearer {key}"}
        )

    refused = send()
    assert refused.status_code == 422 and "photos" in refused.text
    assert send(photos=["kein base64!"]).status_code == 422
    assert send(photos=["PHN2Zy8+"]).status_code == 422
    assert send(no_work="malas").status_code == 422
    shot = base64.b64encode(scenes.saved(scenes.scene(7))).decode()
    assert send(photos=[shot]).status_code == 200
