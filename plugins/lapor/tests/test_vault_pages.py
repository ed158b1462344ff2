"""The vault's pages and errors: what refuses says why, keeps what was typed, and tells nobody's number."""

import io
import logging
import re
import sys

import pytest
from desk_people import COUNTER, behind, lies, sits, step
from lapor_reports import draft
from sqlalchemy import event, text

from plugins.lapor import service
from plugins.lapor.contracts import Contact
from plugins.lapor.service import codes, owndata
from plugins.lapor.service.vault import letters, opening, people, search
from superapp import log
from superapp.sdk import NotFound, at_time, now, session

WHO = Contact("Ayu Pelapor", "081234567890", "ayu@contoh.id", "5171011234567890")
PARTS = ("Ayu Pelapor", "081234567890", "ayu@contoh.id", "5171011234567890")
PAGE = "/meja/lapor/identitas"


def find(browser, **typed):
    return browser.post(f"{PAGE}/cari", data={"csrf_token": browser.token(PAGE), **typed})


def test_a_search_that_is_refused_names_the_field_and_keeps_what_was_typed(app, client, tenant_a) -> None:
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    refused = find(browser, value="Ayu", purpose="Pelapor menelepon")
    assert refused.status_code == 422 and "Pelapor menelepon" in refused.text
    assert "Tulis seluruh nomor telepon" in refused.text
    empty = find(browser, value="081234567890", purpose="Pelapor menelepon")
    assert empty.status_code == 200 and "Tidak ada laporan bernama" in empty.text
    assert "081234567890" not in empty.text  # not typed back, so that no screen keeps it
    for _ in range(search.TRIES):
        last = find(browser, value="081234567890", purpose="uji")
    assert last.status_code == 429 and "Coba lagi nanti" in last.text


def test_wishes_are_decided_and_used_from_the_list(app, client, tenant_a) -> None:
    receipt = lies(app, tenant_a, whistle=True, reporter=WHO)
    first = sits(app, client, tenant_a, "inspector", "INSPEKTORAT")
    refused = step(first, receipt, "identitas/minta", ask__purpose="")
    assert refused.status_code == 422 and "f-ask-purpose" in refused.text
    assert step(first, receipt, "identitas/minta", ask__purpose="Memanggil saksi").status_code == 303
    again = step(first, receipt, "identitas/minta", ask__purpose="Lagi")
    assert again.status_code == 409
    page = first.get(PAGE).text
    assert "Menunggu petugas lain" in page and "Setujui" not in page
    wish = wish_of(app, tenant_a, receipt)
    token = first.token(PAGE)
    assert (
        first.post(f"{PAGE}/{wish}/putuskan", data={"csrf_token": token, "grant": "yes"}).status_code == 403
    )
    assert first.post(f"{PAGE}/{wish}/buka", data={"csrf_token": token}).status_code == 409
    second = sits(app, client, tenant_a, "inspector", area="51.71.01")
    token = second.token(PAGE)
    assert second.post(f"{PAGE}/{wish}/buka", data={"csrf_token": token}).status_code == 403
    assert (
        second.post(f"{PAGE}/{wish}/putuskan", data={"csrf_token": token, "grant": "yes"}).status_code == 303
    )
    assert "Buka sekali" in first.get(PAGE).text
    opened = first.post(f"{PAGE}/{wish}/buka", data={"csrf_token": first.token(PAGE)})
    assert opened.status_code == 200 and all(part in opened.text for part in PARTS)
    assert opened.headers["Cache-Control"] == "no-store"


def wish_of(app, tenant, receipt):
    with behind(app, tenant):
        from plugins.lapor.models import VaultRequest

        return session().query(VaultRequest.id).scalar()


def test_moving_and_releasing_are_refused_with_what_was_typed(app, client, tenant_a) -> None:
    receipt = lies(app, tenant_a)
    browser = sits(app, client, tenant_a, "coordinator", COUNTER)
    assert step(browser, receipt, "pegawai", mark__reason="").status_code == 422
    stale = step(browser, receipt, "pegawai", version=9, mark__reason="Menyebut pegawai")
    assert stale.status_code == 409 and "Menyebut pegawai" in stale.text
    unknown = step(browser, receipt, "pegawai", mark__reason="x", mark__accused="TIDAKADA")
    assert unknown.status_code == 422
    assert step(browser, receipt, "bukan-pegawai", release__reason="x").status_code == 403
    moved = step(browser, receipt, "pegawai", mark__reason="Menyebut pegawai")
    assert moved.status_code == 303 and moved.location.startswith("/meja/lapor/")
    inspector = sits(app, client, tenant_a, "inspector", "INSPEKTORAT")
    page = inspector.get(f"/meja/lapor/{receipt.number}").text
    version = int(re.search(r'name="version" value="(\d+)"', page)[1])
    assert step(inspector, receipt, "bukan-pegawai", version=version, release__reason="").status_code == 422
    assert step(inspector, receipt, "identitas", reveal__purpose="uji").status_code == 409
    gone = step(inspector, receipt, "bukan-pegawai", version=version, release__reason="Keluhan layanan")
    assert gone.status_code == 303


def test_the_own_data_belong_to_the_browser_that_may_open_the_report(app, client, tenant_a) -> None:
    receipt = lies(app, tenant_a, reporter=WHO)
    stranger, path = client(tenant_a), f"/lapor/lacak/{receipt.number}/data"
    assert stranger.get(path).status_code == 303
    for deed in ("salinan", "hapus"):
        assert (
            stranger.post(f"{path}/{deed}", data={"csrf_token": stranger.token("/lapor/lacak")}).status_code
            == 303
        )
    browser = client(tenant_a)
    browser.get(f"/lapor/buka/{receipt.ticket}")
    page = browser.get(path)
    assert all(part in page.text for part in PARTS)
    copied = browser.submit(f"{path}/salinan", form=path)
    assert (
        copied.headers["Cache-Control"] == "no-store"
        and "attachment" in copied.headers["Content-Disposition"]
    )
    assert copied.get_json()["phone"] == WHO.phone and len(copied.get_json()["looked_at"]) == 1
    assert "Mengambil salinan data" in browser.get(path).text
    assert browser.submit(f"{path}/hapus", form=path).status_code == 303
    assert browser.submit(f"{path}/hapus", form=path).status_code == 303
    after = browser.get(path).text
    assert "Anda menghapusnya" in after and not any(part in after for part in PARTS)
    with behind(app, tenant_a):
        assert owndata.copy(receipt.ticket)["phone"] == ""
        session().execute(text("UPDATE lapor.reporter SET salt = sha256('x')"))
        session().commit()
    assert browser.get(path).status_code == 303  # the ticket has ended


def test_a_mail_about_a_secret_case_opens_nothing_or_for_a_while_only(acting, monkeypatch, worker) -> None:
    hours = {"secret_link_hours": 0}
    sent: list = []
    monkeypatch.setattr(letters, "notify", sent.append)
    monkeypatch.setattr(letters, "setting", hours.__getitem__)
    with acting():
        receipt = service.submit(draft(secret=True, reporter=WHO))
        worker()
        assert f"/lapor/lacak?nomor={receipt.number}" in sent[0].text
        assert receipt.ticket not in sent[0].text and letters.CLOSED in sent[0].text
    short = short_ticket(acting, receipt)
    with acting():
        assert service.exchange(short) == receipt.ticket == service.exchange(receipt.ticket)
        later = now()
        for wrong in (
            short[:-1] + "g",
            short[:40] + "0" * 32,
            short[:32] + "zzzzzzzz" + short[40:],
            "x" * 72,
            "",
        ):
            with pytest.raises(NotFound):
                service.exchange(wrong)
        from datetime import timedelta

        with at_time(later + timedelta(hours=2)), pytest.raises(NotFound):
            service.exchange(short)
        with pytest.raises(NotFound):
            service.reporter_view(short)
    hours["secret_link_hours"] = 5
    with acting():
        other = service.submit(draft(secret=True, reporter=WHO))
    worker()
    link = sent[-1].text.split("/lapor/buka/")[1].split("\n")[0]
    with acting():
        assert len(link) == codes.SHORT and service.exchange(link) == other.ticket


def short_ticket(acting, receipt) -> str:
    from datetime import timedelta

    from plugins.lapor.service import store

    with acting():
        _, salt = store.number_and_salt(receipt.id)
        return codes.short_ticket(receipt.id, salt, now() + timedelta(hours=1))


def failing(statement: str):
    """The database breaks at statements that hold these words."""

    def refuse(connection, cursor, sent, parameters, *_):
        if statement in sent:
            cursor.execute(f"DO $$ BEGIN RAISE 'broken at {PARTS[1]} {PARTS[2]} {PARTS[3]}'; END $$")

    return refuse


@pytest.mark.parametrize("place", ["lapor.vault_person", "lapor.vault_contact", "lapor.event", "COMMIT"])
def test_no_error_tells_a_number_in_a_page_or_a_log(app, client, tenant_a, monkeypatch, place) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    log.configure("DEBUG")
    visitor = client(tenant_a)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    form = {"kind": "complaint", "body": "Sampah menumpuk di depan.", "address": "Jalan 1", "key": "k"}
    form |= dict(zip(("name", "phone", "email", "nik"), PARTS, strict=True))
    token = visitor.token("/lapor/buat")
    with behind(app, tenant_a):
        engine = session().get_bind()
    refuse = failing(place)
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        answer = visitor.post("/lapor/buat", data={"csrf_token": token, **form})
        read = visitor.post(
            "/api/v1/lapor/complaints",
            json={
                "kind": "complaint",
                "title": "Sampah",
                "body": "Sampah menumpuk.",
                "reporter": dict(zip(("name", "phone", "email", "nik"), PARTS, strict=True)),
            },
        )
    finally:
        event.remove(engine, "before_cursor_execute", refuse)
        monkeypatch.undo()
        log.configure("ERROR")
    logging.getLogger().handlers[:] = logging.getLogger().handlers[:1]
    if place != "COMMIT":
        assert answer.status_code == read.status_code == 500 and "Traceback" in file.getvalue()
    told = file.getvalue() + answer.text + read.text
    assert not [part for part in PARTS if part in told]


LOOKUPS = {
    "link": lambda: people._known(people.link_of(WHO)),
    "phone": lambda: search.find(WHO.phone, purpose="uji"),
    "email": lambda: search.find(WHO.email, purpose="uji"),
    "nik": lambda: search.find(WHO.nik, purpose="uji"),
    "wishes": opening.wishes,
}
FILL = """
INSERT INTO lapor.complaint (tenant_id, id, number, kind, title, body, channel, status, received_at,
    updated_at, due_step, due_from, due_at)
SELECT t.id, gen_random_uuid(), 'UJI-2020-' || lpad(n::text, 6, '0'), 'complaint', 'L', 'L', 'web',
    'received', now(), now(), 'verify', now(), now()
FROM core.tenant t, generate_series(1, 20000) n WHERE t.slug = 'uji-a';
INSERT INTO lapor.vault_person (tenant_id, id, key_version, wrapped, link, created_at)
SELECT tenant_id, id, 1, decode(repeat('00', 60), 'hex'), substr(sha256(id::text::bytea), 1, 16), now()
FROM lapor.complaint;
INSERT INTO lapor.vault_contact (tenant_id, complaint_id, person_id, phone_tag, email_tag, nik_tag, kept_at)
SELECT tenant_id, id, id, substr(sha256(id::text::bytea), 1, 16), substr(sha256(id::text::bytea), 3, 16),
    substr(sha256(id::text::bytea), 5, 16), now() FROM lapor.complaint ON CONFLICT DO NOTHING;
ANALYZE lapor.complaint, lapor.vault_person, lapor.vault_contact;
"""


def test_no_lookup_of_a_person_reads_a_whole_table(acting, admin_connection) -> None:
    with acting():
        service.submit(draft(reporter=WHO))
    admin_connection.execute(FILL)
    with acting("coordinator", "DISKOMINFO"):
        for name, ask in LOOKUPS.items():
            plan = explained(ask)
            assert "Seq Scan on complaint" not in plan and "Seq Scan on vault_" not in plan, f"{name}\n{plan}"


def explained(ask) -> str:
    """The plans of every question that `ask` sends about the vault, as the app's own role."""
    sent: list = []

    def note(connection, cursor, statement, parameters, *_) -> None:
        if statement.startswith("SELECT") and "vault_" in statement and "vault_key" not in statement:
            sent.append((statement, parameters))

    engine = session().get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sent
    plans = []
    driver = session().connection().connection.dbapi_connection
    for statement, parameters in sent:
        with driver.cursor() as cursor:
            cursor.execute("EXPLAIN " + statement, parameters)
            plans += [line for (line,) in cursor.fetchall()]
    return "\n".join(plans)
