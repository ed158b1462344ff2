"""The auditor's queue: drawn by a key, judged once, and a false closing goes back to its unit."""

import pytest
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.jobs import tidy
from plugins.lapor.service.proof import audits
from plugins.lapor.service.proof.figures import by_unit
from plugins.lapor.tests.desk_people import lies, sits
from plugins.lapor.tests.proof_cases import reported, row
from superapp.sdk import Conflict, Forbidden, Invalid, NotFound, new_id, now


def closed(acting, **changes):
    """A case that DLHK answered and its reporter confirmed."""
    receipt = reported(acting, **changes)
    with acting("liaison", "DLHK"):
        service.answer(receipt.id, text="Sudah diangkut.")
    with acting():
        service.confirm(receipt.ticket, solved=True)
    return receipt


@pytest.fixture
def rate(monkeypatch):
    """`rate(100)` is the tenant's share of closings in percent."""
    return lambda percent: monkeypatch.setattr(audits, "_rate", lambda: percent)


def test_the_share_that_is_drawn_is_the_tenants_and_hangs_on_the_case_alone(acting, app, tenant_b) -> None:
    cases = [new_id() for _ in range(2000)]
    with acting():
        drawn = {each for each in cases if audits.drawn(each, 5)}
        assert 60 <= len(drawn) <= 145  # 100 is expected; 4 standard deviations
        assert {each for each in cases if audits.drawn(each, 5)} == drawn
        assert drawn < {each for each in cases if audits.drawn(each, 20)}
        assert not any(audits.drawn(each, 0) for each in cases)
        assert all(audits.drawn(each, 100) for each in cases)
        before = app.config["SECRET_KEY"]
        app.config["SECRET_KEY"] = "x" * 64
        try:
            assert {each for each in cases if audits.drawn(each, 5)} != drawn
        finally:
            app.config["SECRET_KEY"] = before
    with acting(tenant=tenant_b):
        assert {each for each in cases if audits.drawn(each, 5)} != drawn


def test_closing_again_draws_nothing_new(acting, rate) -> None:
    rate(0)
    passed_over = closed(acting)
    rate(100)
    chosen = closed(acting)
    with acting("auditor"):
        assert [(each.number, each.cause, each.rate) for each in audits.queue()] == [
            (chosen.number, "sample", 100)
        ]
    with acting():
        service.reopen(chosen.ticket, reason="Menumpuk lagi.")
    with acting("liaison", "DLHK"):
        service.answer(chosen.id, text="Diangkut lagi.")
    with acting():
        service.confirm(chosen.ticket, solved=True)
    with acting("auditor"):
        assert [each.number for each in audits.queue()] == [chosen.number] * 2
        assert passed_over.number not in {each.number for each in audits.queue(judged=True)}


def test_secret_cases_are_not_drawn(acting, rate) -> None:
    rate(100)
    closed(acting, secret=True)
    with acting("auditor"):
        assert audits.queue() == ()


def test_a_false_closing_goes_back_first_in_line_and_is_counted(acting, rate, worker) -> None:
    rate(100)
    receipt = closed(acting)
    with acting("coordinator", "DISKOMINFO"):
        mine = audits.queue()[0]
        with pytest.raises(Forbidden):
            audits.judge(mine.id, verdict="false", reason="x")
    with acting("auditor"):
        for verdict, reason, field in (("wahr", "x", "verdict"), ("false", " ", "reason")):
            with pytest.raises(Invalid) as refused:
                audits.judge(mine.id, verdict=verdict, reason=reason)
            assert [each.field for each in refused.value.errors] == [field]
        done = audits.judge(mine.id, verdict="false", reason="Sampah masih di sana.")
        assert done.status == "in_progress"
        with pytest.raises(Conflict):
            audits.judge(mine.id, verdict="genuine", reason="Ternyata bersih.")
        assert [(each.verdict, each.reason) for each in audits.queue(judged=True)] == [
            ("false", "Sampah masih di sana.")
        ]
        assert [each.false_closings for each in by_unit()] == [1]
        assert tidy.drift() == {}
    worker()
    with acting("liaison", "DLHK"):
        case = row(receipt)
        assert (case.priority, case.closed_at, case.status) == (True, None, "in_progress")
        assert "answer" in service.desk_view(receipt.id).actions
    with acting():
        assert "masih di sana" not in repr(service.public_view(receipt.number))


@pytest.mark.parametrize("verdict", ["genuine", "doubtful"])
def test_other_verdicts_leave_the_case_closed(acting, rate, verdict) -> None:
    rate(100)
    receipt = closed(acting)
    with acting("auditor"):
        assert audits.judge(audits.queue()[0].id, verdict=verdict, reason="Dicek.").status == "closed"
        assert row(receipt).priority is False


def test_an_auditor_reads_all_that_is_not_secret_and_handles_nothing(acting) -> None:
    receipt = reported(acting)
    with acting():
        secret = service.submit(draft(secret=True))
    with acting("auditor"):
        assert service.desk_view(receipt.id).actions == ()
        with pytest.raises(Forbidden):
            service.progress(receipt.id, text="x")
        with pytest.raises(NotFound):
            service.desk_view(secret.id)
        with pytest.raises(NotFound):
            audits.one(new_id())


def test_the_pages_of_an_audit(app, client, tenant_a, acting, rate) -> None:
    rate(100)
    receipt = closed(acting)
    auditor = sits(app, client, tenant_a, "auditor")
    listed = auditor.get("/meja/lapor/pemeriksaan").text
    assert receipt.number in listed and "terundi" in listed
    with acting("auditor"):
        address = f"/meja/lapor/pemeriksaan/{audits.queue()[0].id}"
    assert "tanpa foto dan tanpa dokumen" in auditor.get(address).text
    token = auditor.token("/meja/akun")
    typed = {"csrf_token": token, "verdict": "", "reason": "Alasan yang panjang."}
    refused = auditor.post(address, data=typed)
    assert refused.status_code == 422
    assert "Pilih asli, meragukan, atau palsu." in refused.text
    assert "Alasan yang panjang.</textarea>" in refused.text
    assert auditor.post(address, data={**typed, "verdict": "false"}).status_code == 303
    again = auditor.post(address, data={**typed, "verdict": "false"})
    assert again.status_code == 409 and "sudah diperiksa" in again.text
    assert "dinilai palsu" in auditor.get("/meja/lapor/pemeriksaan").text
    assert "Dinas Lingkungan Hidup dan Kebersihan" in auditor.get("/meja/lapor/bukti").text
    for role, unit in (("liaison", "DLHK"), ("coordinator", "DISKOMINFO"), ("leader", "")):
        assert sits(app, client, tenant_a, role, unit).get("/meja/lapor/pemeriksaan").status_code == 403


def test_an_auditor_takes_up_a_closed_case_that_was_not_drawn(app, client, tenant_a, acting, rate) -> None:
    rate(0)
    receipt = closed(acting)
    auditor = sits(app, client, tenant_a, "auditor")
    with acting("auditor"):
        version = str(row(receipt).version)
    data = {"csrf_token": auditor.token("/meja/akun"), "version": version, "false_closing-reason": "Belum."}
    answer = auditor.post(f"/meja/lapor/{receipt.number}/belum-selesai", data=data)
    assert answer.status_code == 303
    stale = auditor.post(f"/meja/lapor/{receipt.number}/belum-selesai", data=data)
    assert stale.status_code == 409
    assert lies(app, tenant_a).number  # the desk goes on
    with acting("auditor"):
        assert row(receipt).status == "in_progress" and row(receipt).updated_at <= now()
