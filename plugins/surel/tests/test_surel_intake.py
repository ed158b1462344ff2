"""Mail becomes reports, replies and answers; machines, doubles and strangers' words for others do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from plugins.lapor.contracts import Contact, Draft, Location
from plugins.lapor.contracts.door import DOOR
from plugins.surel import names, personal, service
from plugins.surel.intake import bounces, command, mail, review, threads
from plugins.surel.intake import take as taking
from plugins.surel.intake.take import take
from plugins.surel.models import Incoming, Thread
from plugins.surel.tests.letters import PNG, STORY, TO, WHO, bounce, letter
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin import lifecycle
from superapp.plugin.registry import registry
from superapp.sdk import Conflict, Invalid, Message, NotFound, at_time, now, session, use, work
from superapp.tenancy import resolve
from superapp.testing.client import TenantClient

SECRET = "rahasia-server-surat-untuk-uji"
ON: dict[str, object] = {
    "mode": "file", "from_address": TO, "intake": "pipe", "pipe_secret": SECRET,
    "trusted_server": "mx.kota.go.id",
}  # fmt: skip


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant) -> Tenant:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        lifecycle.save_settings(tenant_a, "surel", ON)
    with app.app_context():
        fresh = resolve.by_slug(tenant_a.slug, fresh=True)
    assert fresh is not None
    return fresh


@pytest.fixture
def inside(app: Flask, tenant: Tenant) -> Iterator[None]:
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        yield


@pytest.fixture
def sent(var: Path, tenant: Tenant, worker: Callable[[], None]) -> Callable[[], list[EmailMessage]]:
    """What went out by mail since the last call, oldest first."""
    known: set[Path] = set((var / "mail" / tenant.slug).glob("*.eml"))

    def read() -> list[EmailMessage]:
        worker()
        fresh = sorted(
            set((var / "mail" / tenant.slug).glob("*.eml")) - known, key=lambda p: p.stat().st_mtime_ns
        )
        known.update(fresh)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in fresh]  # type: ignore[misc]

    return read


def said(email: EmailMessage) -> str:
    return email.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def answers(found: list[EmailMessage]) -> list[EmailMessage]:
    return [each for each in found if each["Auto-Submitted"] == "auto-replied"]


def rows(state: str = "") -> list[Incoming]:
    return review.listing(state)


def steps(number: str) -> list[str]:
    from plugins.lapor.models import CaseEvent

    query = select(CaseEvent.text).where(
        CaseEvent.complaint_id == use(DOOR).id_of(number), CaseEvent.type == "reply"
    )
    return list(session().scalars(query))


def test_a_mail_becomes_a_report_and_its_answer_is_the_thread(inside: None, sent: Any) -> None:
    made = take(
        letter(files=(("lampu.png", "image/png", PNG), ("surat.pdf", "application/pdf", b"%PDF"))), "pipe"
    )
    assert made.state == "report" and made.number
    case = use(DOOR).public_view(made.number)
    assert (case.title, case.channel, case.address) == (
        "Lampu jalan mati",
        "email",
        "Jalan Uji 5, dekat pasar",
    )
    assert len(case.photos) == 1
    assert take(letter(), "imap").repeated, "the same mail by another way"
    (answer,) = sent()  # the answer alone: no notice of receipt beside it
    pin = re.search(r"PIN: (\d{6})", said(answer))
    assert answer["To"] == WHO and pin and made.number in said(answer) and "surat.pdf" in said(answer)
    assert answer["In-Reply-To"] == "<a1@example.org>" and answer["X-Superapp-Mail"] == names.mark_of(WHO)
    head = "\n".join(f"{name}: {value}" for name, value in answer.items() if name != "Subject")
    assert made.number not in head and made.number.split("-")[-1] not in head
    ticket = use(DOOR).enter(made.number, pin[1])
    assert use(DOOR).reporter_view(ticket).contact == Contact("Pengirim", "", WHO)

    again = take(
        letter(
            "Masih mati, ini sudah malam ketiga.",
            subject="Re: x",
            number="a2",
            heads={"In-Reply-To": answer["Message-ID"]},
        ),
        "pipe",
    )
    assert (again.state, again.number) == ("reply", made.number)
    other = take(
        letter(
            "Saya tetangganya, benar mati.",
            sender="lain@example.org",
            number="a3",
            heads={"References": f"<x@y> {answer['Message-ID']}"},
        ),
        "pipe",
    )
    assert (other.state, other.number) == ("reply", made.number)
    told = steps(made.number)
    assert told[0].startswith("Lewat surel:") and "bukan milik pelapor" in told[1]
    asked = take(
        letter("status?", subject="Re: x", number="a4", heads={"In-Reply-To": answer["Message-ID"]}), "pipe"
    )
    assert (asked.state, asked.number) == ("status", made.number)
    assert any("Keadaan:" in said(each) and made.number in said(each) for each in answers(sent()))


def test_from_alone_never_proves_the_reporter(inside: None, sent: Any) -> None:
    first = take(letter(), "pipe")
    (answer,) = answers(sent())
    token = answer["Message-ID"][1:33]
    wrong = answer["Message-ID"].replace(token, "0" * 32)
    for number, heads in (
        ("b1", {}),
        ("b2", {"In-Reply-To": wrong}),
        ("b3", {"To": f"lapor+{'f' * 32}@kota.go.id"}),
    ):
        made = take(letter(f"{STORY} lagi {number}", number=number, heads=heads), "pipe")
        assert made.state == "report" and made.number != first.number
    assert steps(first.number) == []
    tagged = take(
        letter(
            "Sudah menyala.", number="b4", sender="x@example.org", heads={"To": f"lapor+{token}@kota.go.id"}
        ),
        "pipe",
    )
    assert (tagged.state, tagged.number) == ("reply", first.number)


def test_another_citys_token_opens_nothing(
    app: Flask, tenant: Tenant, tenant_b: Tenant, worker: Callable[[], None]
) -> None:
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        made = use(DOOR).submit(Draft("complaint", "", STORY, location=Location(address="Jl. Uji")))
        with work():
            token = threads.open_case(made.ticket)
        answer = mail.read(letter("Sudah.", heads={"In-Reply-To": f"<{token}.{'0' * 32}@kota.go.id>"}))
        assert threads.found_in(answer) is not None
    with app.app_context(), tenant_scope(tenant_b, SYSTEM):
        assert threads.found_in(answer) is None and threads.token_of("case", made.id) != token


def test_a_mail_without_a_place_is_asked_for_it_and_the_answer_completes_it(inside: None, sent: Any) -> None:
    made = take(
        letter(
            "Sampah menumpuk dan berbau sejak kemarin.",
            subject="Sampah",
            files=(("a.png", "image/png", PNG),),
        ),
        "pipe",
    )
    assert (made.state, made.cause, made.number) == ("draft", "no_place", "")
    (asked,) = answers(sent())
    assert "Di mana" in said(asked) and "/lapor/buat" in said(asked)
    heads = {"In-Reply-To": asked["Message-ID"]}
    assert take(letter("?", number="c2", heads=heads), "pipe").state == "reply"
    (once_more,) = answers(sent())
    done = take(
        letter(
            "Gang kecil di belakang balai banjar\n\nPada Sel, Kota menulis:\n> lama",
            number="c3",
            sender="lain@example.org",
            heads={"In-Reply-To": once_more["Message-ID"]},
        ),
        "pipe",
    )
    case = use(DOOR).public_view(done.number)
    assert (
        case.address == "Gang kecil di belakang balai banjar"
        and "menumpuk" in case.body
        and len(case.photos) == 1
    )
    first = next(row for row in rows() if row.state == "report")
    assert (first.number, first.kept) == (done.number, "")
    (receipt,) = answers(sent())
    assert receipt["To"] == WHO, "PIN and number go to who wrote first"
    more = take(letter("Sudah diangkut.", number="c4", heads=heads), "pipe")
    assert (more.state, more.number) == ("reply", done.number), "the old thread leads to the case"


def test_secret_cases_have_no_thread(inside: None, sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        taking,
        "_draft",
        lambda mail: Draft(
            "complaint",
            "Rahasia",
            STORY,
            location=Location(address="Jl. Uji"),
            reporter=Contact(email=WHO),
            secret=True,
            channel="email",
        ),
    )
    made = take(letter(), "pipe")
    mails = sent()
    assert made.state == "report" and mails and session().scalars(select(Thread)).all() == []
    for each in mails:
        assert re.match(r"<[0-9a-f]{32}@", each["Message-ID"]) and "+" not in str(each["Reply-To"])
    assert take(letter("status?", number="d2"), "pipe").state == "status"
    (told,) = answers(sent())
    assert made.number not in said(told)


def test_who_is_not_answered(inside: None, sent: Any) -> None:
    for number, (heads, state, cause) in enumerate(
        [
            ({"Auto-Submitted": "auto-replied"}, "silent", "auto_reply"),
            ({"From": f"Kota <{TO}>"}, "silent", "own"),
            ({"Authentication-Results": "mx.kota.go.id; dmarc=fail"}, "review", "unproven"),
            ({"From": "a@b.id, c@d.id"}, "review", "sender"),
        ]
    ):
        made = take(letter(number=f"n{number}", heads=heads), "pipe")
        assert (made.state, made.cause) == (state, cause)
        assert bool(rows()[0].kept) is (state == "review")
    assert sent() == []


def test_two_machines_that_write_each_other_soon_stop(
    inside: None, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        take(letter("status?", subject=f"x{number}", number=f"m{number}"), "pipe")
    assert len(answers(sent())) == 5
    with at_time(now() + timedelta(days=1, minutes=1)):
        take(letter("status?", number="m9"), "pipe")
    assert len(answers(sent())) == 1
    monkeypatch.setattr(taking, "PER_SENDER", 0)
    assert take(letter("status?", number="m10"), "pipe").cause == "limit"


def test_a_bounce_stops_notices_only_with_our_own_mark(inside: None) -> None:
    gone = "hilang@example.org"
    take(bounce(gone, "0" * 32), "pipe")
    take(bounce(gone, names.mark_of("lain@example.org"), status="5.1.2"), "pipe")
    take(bounce(gone, names.mark_of(gone), status="4.2.2", action="delayed"), "pipe")
    assert not bounces.is_dead(gone)
    take(bounce(gone, names.mark_of(gone)), "pipe")
    assert bounces.is_dead(gone) and [row.cause for row in rows()].count("undeliverable") == 1
    message = Message("email", gone, "x", "y", key="k:1")
    from superapp.sdk import current_tenant

    with work():
        service.deliver(current_tenant(), message)
    assert [(d.state, d.reason) for d in service.latest()] == [("refused", "undeliverable")]
    take(letter("status?", sender=gone, number="e2"), "pipe")
    assert not bounces.is_dead(gone), "a mail from there: it exists"


def test_a_reply_to_a_report_of_the_web_form_finds_its_case(inside: None, sent: Any) -> None:
    made = use(DOOR).submit(
        Draft(
            "complaint",
            "Got mampet",
            "Got mampet di depan rumah.",
            location=Location(address="Jl. Uji"),
            reporter=Contact(email=WHO),
        )
    )
    (notice,) = sent()
    taken = take(
        letter("Airnya sudah masuk rumah.", number="f1", heads={"References": notice["Message-ID"]}), "pipe"
    )
    assert (taken.state, taken.number) == ("reply", made.number) and len(steps(made.number)) == 1


def test_what_the_register_refuses_waits_and_its_sender_hears_why(
    inside: None, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from superapp.sdk import PluginRefused

    class Closed:
        def __getattr__(self, name: str) -> Any:
            raise PluginRefused("Keadaan darurat.", "Hubungi 112.")

    monkeypatch.setattr(taking, "use", lambda _port: Closed())
    made = take(letter(), "pipe")
    assert (made.state, made.cause) == ("review", "refused")
    monkeypatch.undo()
    (answer,) = answers(sent())
    assert "Hubungi 112." in said(answer)
    number = review.make_report(rows()[0].id, text=STORY, where="Jl. Uji 5").number
    assert number and rows()[0].kept == ""
    with pytest.raises(Conflict):
        review.discard(rows()[0].id, "sudah lewat")


def test_whatever_breaks_the_mail_is_kept_and_the_next_one_goes_on(
    inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking.judge, "unproven", lambda *_: 1 / 0)
    assert (take(letter(), "pipe").cause, rows()[0].kept != "") == ("trouble", True)
    monkeypatch.undo()
    assert take(letter(number="a2"), "pipe").state == "report"


def test_an_unproven_sender_is_neither_written_to_nor_kept_with_the_case(inside: None, sent: Any) -> None:
    take(letter(heads={"Authentication-Results": "mx.kota.go.id; dmarc=fail"}), "pipe")
    row = rows()[0]
    with pytest.raises(Invalid):
        review.make_report(row.id, text=STORY, where=" ")
    made = review.make_report(row.id, text=STORY, where="Jl. Uji 5")
    assert use(DOOR).reporter_view(made.ticket).contact == Contact() and answers(sent()) == []
    with pytest.raises(NotFound):
        review.opened(made.id)


def test_drafts_end_after_two_weeks_and_a_person_can_take_the_words_back(inside: None) -> None:
    take(letter("Sampah menumpuk sejak kemarin.", subject="Sampah"), "pipe")
    kept = personal.export(WHO.upper())
    assert kept is not None and "menumpuk" in kept.data["received"][0]["words"]
    assert review.forget(WHO) == 1 and personal.export(WHO) is None
    assert [(r.state, r.cause, r.sender, r.kept) for r in rows()] == [("discarded", "erased", "…", "")]
    take(letter("Sampah menumpuk lagi sejak kemarin.", subject="Sampah", number="g2"), "pipe")
    with at_time(now() + timedelta(days=15)):
        review.sweep()
    assert rows("draft") == [] and rows("discarded")[0].cause == "no_answer"
    with at_time(now() + timedelta(days=400)):
        review.sweep()
    assert rows() == []


MAILS = st.sampled_from(
    [
        ("status?", {}), (STORY, {}), ("?", {}), ("", {}),
        (STORY, {"Auto-Submitted": "auto-replied"}), (STORY, {"Precedence": "bulk"}),
        (STORY, {"From": f"<{TO}>"}),
    ]
)  # fmt: skip


def test_two_parties_never_write_each_other_without_end(inside: None, sent: Any) -> None:
    """Whatever comes, and though each of our answers is sent back to us, the talk ends by itself."""
    seen = 0

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(MAILS, min_size=1, max_size=3))
    def talk(mails: list[tuple[str, dict[str, str]]]) -> None:
        nonlocal seen
        for text, heads in mails:
            seen += 1
            take(letter(text, number=f"h{seen}", heads=heads), "pipe")

    talk()
    out = answers(sent())
    assert len(out) <= 5
    for each in out:
        back = each.as_bytes()
        assert take(back, "pipe").state == "silent"
    assert sent() == []


def test_the_wire_takes_a_message_once_and_only_with_the_secret(
    app: Flask, client: Callable[[Tenant], TenantClient], tenant: Tenant
) -> None:
    browser = client(tenant)

    def post(raw: bytes, secret: str = SECRET) -> Any:
        return browser.post("/surel/masuk", data=raw, headers={"X-Surel-Secret": secret})

    assert post(letter(), "salah").status_code == 401 and post(letter(), "").status_code == 401
    first, second = post(letter()), post(letter())
    assert (first.status_code, first.json["state"]) == (202, "report")
    assert (second.status_code, second.json["repeated"]) == (200, True)
    assert post(b"  ").status_code == 400
    assert post(b"x" * 15_000_001).status_code == 413
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        assert len(rows()) == 1
        lifecycle.save_settings(tenant, "surel", {**ON, "intake": "off"})
    with app.app_context():
        resolve.by_slug(tenant.slug, fresh=True)
    assert post(letter(number="z")).status_code == 404


@pytest.fixture
def officer(app: Flask, client: Callable[[Tenant], TenantClient], tenant: Tenant) -> TenantClient:
    with app.app_context(), tenant_scope(tenant, SYSTEM), work():
        roles.seed_roles(tenant, registry().permissions.values())
        who = officers.add("koordinator-uji", "Koordinator", "coordinator")[0]
        row = officers._known(who)
        row.must_change, row.totp_required = False, False
        token = sessions.start(who, verified=True)
        name = permit.cookie_name()
    browser = client(tenant)
    browser.set_cookie(name, token, domain=tenant.host)
    return browser


def test_an_officer_sees_what_came_and_decides(app: Flask, officer: TenantClient, tenant: Tenant) -> None:
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        take(letter("Sampah menumpuk sejak kemarin.", subject="Sampah"), "pipe")
        take(letter(number="i2", heads={"Authentication-Results": "mx.kota.go.id; dmarc=fail"}), "pipe")
        unproven, waiting = (row.id for row in rows())
    page = officer.get("/meja/surel/masuk/").text
    assert "menunggu petugas" in page and "dmarc" in page and "w…@example.org" in page and WHO not in page
    one = f"/meja/surel/masuk/{waiting}"
    assert "Sampah menumpuk" in officer.get(one).text
    kept = officer.submit(f"{one}/jadikan", {"text": "Sampah besar", "where": ""}, form=one)
    assert kept.status_code == 422 and "Sampah besar" in kept.text and 'id="f-where-error"' in kept.text
    done = officer.submit(f"{one}/jadikan", {"text": "Sampah menumpuk", "where": "Jl. Uji"}, form=one)
    assert done.status_code == 303 and officer.get(one).status_code == 409
    other = f"/meja/surel/masuk/{unproven}"
    assert officer.submit(f"{other}/sisihkan", {"reason": ""}, form=other).status_code == 422
    assert officer.submit(f"{other}/sisihkan", {"reason": "palsu"}, form=other).status_code == 303
    assert "diputuskan petugas" in officer.get("/meja/surel/masuk/?state=discarded").text


def test_the_command_takes_a_file_once(app: Flask, tenant: Tenant, tmp_path: Path) -> None:
    @contextmanager
    def door(slug: str) -> Iterator[Tenant]:
        assert slug == tenant.slug
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            yield tenant

    def run(file: Path) -> Any:
        return CliRunner().invoke(command.group, ["take", str(file), "--tenant", tenant.slug], obj=door)

    (tmp_path / "surat.eml").write_bytes(letter())
    (tmp_path / "kosong.eml").write_bytes(b"")
    first, again, empty = (run(tmp_path / name) for name in ("surat.eml", "surat.eml", "kosong.eml"))
    assert first.output.startswith("report ") and "come before" in again.output
    assert empty.exit_code == 1 and "empty" in empty.output
