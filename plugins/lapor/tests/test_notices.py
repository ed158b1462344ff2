"""Who is told what: units by e-mail, reporters who gave an address, nobody else."""

import pytest
from lapor_reports import draft

from plugins.lapor import notices, service
from plugins.lapor.contracts import Contact
from plugins.lapor.service.vault import letters


@pytest.fixture
def told(monkeypatch) -> list:
    """Every message that LAPOR hands over."""
    messages: list = []
    for room in (notices, letters):
        monkeypatch.setattr(room, "notify", messages.append)
    return messages


def test_unit_and_reporter_hear_of_what_concerns_them(acting, worker, told) -> None:
    with acting():
        receipt = service.submit(
            draft(anonymous=True, reporter=Contact("Nama", "0812 3456 7890", "pelapor@contoh.id"))
        )
    worker()
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    with acting("liaison", "DLHK"):
        service.progress(receipt.id, text="catatan dalam", public=False)
        service.answer(receipt.id, text="Sudah diangkut.")
    worker()
    assert [(each.to, each.subject.split(":")[0]) for each in told] == [
        ("pelapor@contoh.id", f"Laporan {receipt.number}"),
        ("dlhk@uji.example", receipt.number),
        ("pelapor@contoh.id", f"Laporan {receipt.number}"),
        ("pelapor@contoh.id", f"Laporan {receipt.number}"),
    ]
    to_unit = told[1].subject + told[1].text
    for hidden in ("Nama", "0812", "pelapor@contoh.id", receipt.pin, receipt.ticket):
        assert hidden not in to_unit
    assert len({each.key for each in told}) == len(told)
    assert "Dinas Lingkungan Hidup dan Kebersihan menyatakan" in told[3].text
    assert all(receipt.pin not in each.text and "catatan dalam" not in each.text for each in told)


def test_the_title_of_a_secret_case_is_not_mailed(acting, worker, told) -> None:
    with acting():
        receipt = service.submit(draft(secret=True, title="Judul yang dijaga"))
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    worker()
    assert told and all("dijaga" not in each.subject + each.text for each in told)


def test_a_report_without_address_mails_no_reporter(acting, worker, told) -> None:
    with acting():
        service.submit(draft())
    worker()
    assert told == []
