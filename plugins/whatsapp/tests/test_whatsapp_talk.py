"""A talk from the citizen's message to the answer, and notices within and after the 24 hours."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta

import pytest
from flask import Flask
from whatsapp_city import CITIZEN, OTHER, City

from plugins.percakapan.contracts import Choice, Say
from plugins.whatsapp import graph
from plugins.whatsapp.models import Heard, Outgoing
from plugins.whatsapp.service import personal, queueing, tidy
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.sdk import Message, at_time, now, session, work

JPEG = b"\xff\xd8\xff\xe0uji"
ANSWERED = Message(
    "whatsapp",
    CITIZEN,
    "Laporan UJI-2026-000001",
    "Dinas menyatakan selesai.\nSudah?",
    key="e1:reporter",
    kind="lapor.answered",
    values={"number": "UJI-2026-000001", "due": "Jumat,\n27 Maret"},
    choices=(("done:yes", "Sudah selesai"), ("done:no", "Belum selesai")),
)


def tell(message: Message) -> None:
    with work():
        queueing.deliver(message)


def later(**more: float) -> object:
    return at_time(now() + timedelta(**more))


def test_words_buttons_place_and_photo_come_and_go(city: City, worker: Callable[[], None]) -> None:
    ask = Say("Apakah benar?", (Choice("ok:1", "Benar"), Choice("ok:0", "Ubah")))
    city.partner.says = [(Say("Halo."), ask), (Say("Di mana?", asks_location=True),)]
    city.meta.says(CITIZEN, "Lampu jalan mati")
    worker()  # once through the real queue; the others run at once
    assert [each.text for each in city.got()] == ["Halo.", "Apakah benar?"]
    assert city.got()[1].choices == (("ok:1", "Benar"), ("ok:0", "Ubah"))
    city.meta.presses(CITIZEN, "ok:1")
    city.meta.shares(CITIZEN, -8.65, 115.21, name="Pasar")
    city.meta.shows(CITIZEN, JPEG, caption="Tiangnya")
    city.work()
    assert city.got()[2].asks_location
    sender, first = city.partner.heard[0]
    assert (sender.channel, sender.address, sender.phone, sender.name) == (
        "whatsapp",
        CITIZEN,
        CITIZEN,
        "Warga Uji",
    )
    _, pressed, place, photo = (message for _, message in city.partner.heard)
    assert (first.text, pressed.choice, pressed.text) == ("Lampu jalan mati", "ok:1", "Benar")
    assert (place.location.lat, place.location.lng, place.location.address) == (-8.65, 115.21, "Pasar")
    assert [(each.filename, each.data) for each in photo.photos] == [("foto.jpeg", JPEG)]
    assert (photo.text, photo.problem) == ("Tiangnya", "")
    assert len({message.id for _, message in city.partner.heard}) == 4


def test_nothing_of_a_message_stays_in_the_tables(city: City) -> None:
    city.meta.says(CITIZEN, "kata-kata saya", id=f"wamid.{CITIZEN}")
    city.work()
    for table in (Heard, Outgoing):
        for row in session().execute(table.__table__.select()).mappings():
            assert (
                row["sealed"] == "" and CITIZEN not in repr(dict(row)) and "kata-kata" not in repr(dict(row))
            )


def test_a_photo_that_cannot_be_had_is_said(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MOST_PHOTO", 1000)
    cases = (("application/pdf", 10, "type"), ("image/jpeg", 2000, "size"), ("", 0, "gone"))
    for mime, size, _ in cases:
        city.meta.shows(CITIZEN, b"x" * size)
        city.meta.media[list(city.meta.media)[-1]] = (mime, b"x" * size)
        city.work()
    assert [(message.problem, message.photos) for _, message in city.partner.heard] == [
        (problem, ()) for _, _, problem in cases
    ]


def test_a_photo_is_fetched_from_meta_alone(city: City, connected: Callable[..., Tenant]) -> None:
    from plugins.whatsapp.graph import _of_meta

    assert _of_meta(f"{city.meta.base}/media/1") and _of_meta("https://lookaside.fbsbx.com/a?mid=1")
    for elsewhere in (
        "http://lookaside.fbsbx.com/a",
        "https://lookaside.fbsbx.com.evil.example/a",
        "https://lookaside.fbsbx.com@evil.example/a",
        "https://x@lookaside.fbsbx.com/a",
        "http://169.254.169.254/latest",
        "http://127.0.0.1:1/media/1",
        "https://lookaside.fbsbx.com:8443/a",
        "//lookaside.fbsbx.com/a",
        "https://[",
    ):
        assert not _of_meta(elsewhere), elsewhere


def test_a_conversation_that_breaks_holds_nobody_up(city: City) -> None:
    city.partner.breaks_at = "satu"
    city.meta.says(CITIZEN, "satu", timestamp=str(int(now().timestamp()) - 5))
    city.meta.says(CITIZEN, "dua")
    city.meta.says(OTHER, "tiga")
    for minutes in (0, 1, 2, 5, 30):
        with later(minutes=minutes):
            city.work()
    own = [message.text for sender, message in city.partner.heard if sender.address == CITIZEN]
    assert own == ["satu"] * 5 + ["dua"]
    assert sorted(city.heard_states()) == ["done", "done", "failed"]


def test_a_notice_goes_in_words_within_a_day_and_as_a_template_after_it(city: City) -> None:
    city.meta.says(CITIZEN, "halo")
    city.work()
    tell(ANSWERED)
    tell(ANSWERED)  # the same key
    city.work()
    free = city.got()[1]
    assert (free.text, free.choices) == (ANSWERED.text, ANSWERED.choices)
    with later(hours=24):
        tell(Message(**{**_fields(ANSWERED), "key": "e2"}))
        tell(Message("whatsapp", CITIZEN, "x", "Ditutup.", key="e3", kind="lapor.closed"))
        city.work()
    assert len(city.got()) == 3
    approved = city.got()[2]
    assert (approved.template, approved.values) == (
        "laporan_dijawab",
        ("UJI-2026-000001", "Jumat, 27 Maret"),
    )
    assert [code for code, _ in approved.choices] == ["done:yes", "done:no"]
    assert [state for state, _, _ in city.states()] == ["sent", "sent", "sent", "undeliverable"]
    city.meta.presses(CITIZEN, "done:no")  # the reply to a template opens the day again
    city.work()
    assert city.partner.heard[-1][1].choice == "done:no"


def test_a_number_that_never_wrote_gets_templates_only(city: City) -> None:
    tell(Message(**{**_fields(ANSWERED), "to": "0811 0000-002"}))
    tell(Message("whatsapp", "bukan nomor", "x", "x", key="n", kind="lapor.answered"))
    tell(Message("email", "a@b.id", "x", "x", key="m"))
    city.work()
    assert [each.template for each in city.got("628110000002")] == ["laporan_dijawab"]
    assert [state for state, _, _ in city.states()] == ["sent", "undeliverable"]


def test_metas_own_clock_of_the_conversation_counts(city: City) -> None:
    city.meta.says(CITIZEN, "halo")
    city.work()
    city.meta.closed.add(CITIZEN)
    tell(ANSWERED)
    tell(Message("whatsapp", CITIZEN, "x", "Ditutup.", key="e3", kind="lapor.closed"))
    city.work()
    assert [each.template for each in city.got()] == ["", "laporan_dijawab"]
    assert city.states()[1:] == [("sent", "", 0), ("undeliverable", "template", 0)]


def test_what_meta_does_not_take_now_goes_later_in_order(city: City) -> None:
    faults = ((429, 130429), (400, 131056), (503, 0), (500, 131000))
    for number, fault in enumerate(faults):
        citizen = f"628110000001{number}"
        city.partner.says = [(Say("Satu"), Say("Dua"))]
        city.meta.faults.append(fault)
        city.meta.says(citizen, "halo")
        city.work()
        assert city.got(citizen) == [], fault
        assert [state for state, _, _ in city.states()[-2:]] == ["waiting", "waiting"]
    city.work()
    assert city.meta.sent == []  # not before their time
    with later(minutes=2):
        city.work()
    for number, fault in enumerate(faults):
        assert [each.text for each in city.got(f"628110000001{number}")] == ["Satu", "Dua"], fault


def test_what_meta_refuses_is_parked_and_nobody_behind_it_waits(city: City) -> None:
    city.partner.says = [(Say("Satu"), Say("Dua"), Say("Tiga"))]
    city.meta.faults += [(400, 100), (400, 131026)]
    city.meta.says(CITIZEN, "halo")
    city.work()
    assert [each.text for each in city.got()] == ["Tiga"]
    assert city.states() == [("failed", "refused", 100), ("undeliverable", "nobody", 131026), ("sent", "", 0)]


def test_receipts_only_go_forward_and_may_come_early(city: City) -> None:
    from plugins.whatsapp.service import board

    city.partner.says = [(Say("Satu"), Say("Dua"))]
    city.meta.says(CITIZEN, "halo")
    city.work()
    first, second = (each.id for each in city.got())
    for state in ("delivered", "sent", "read", "delivered"):
        city.meta.tells(first, state, CITIZEN)
    city.meta.tells(second, "failed", CITIZEN, code=131047)
    city.meta.tells(second, "sent", CITIZEN)
    city.meta.tells("wamid.LAIN", "read", CITIZEN)
    session().expire_all()
    assert board.counts_out() == {"read": 1, "lost": 1} and board.counts_in() == {"done": 1}
    assert [code for _, code in board.lost()] == [131047]


def test_who_asks_gets_and_loses_what_is_kept(city: City) -> None:
    city.meta.says(CITIZEN, "halo")
    city.work()
    city.meta.says(CITIZEN, "masih menunggu")
    assert personal.export(f"+{OTHER}") is None and personal.export("a@b.id") is None
    kept = personal.export("0811-0000-0001")
    assert [each["state"] for each in kept.data["received"]] == ["done", "waiting"]
    assert [each["kind"] for each in kept.data["sent"]] == ["answer"]
    assert personal.forget(CITIZEN) == 4 and personal.export(CITIZEN) is None
    city.work()
    assert len(city.partner.heard) == 1


def test_the_log_is_forgotten_after_the_days_set(city: City) -> None:
    city.meta.says(CITIZEN, "halo")
    city.work()
    city.meta.tells(city.got()[0].id, "read")
    tidy.sweep()
    assert city.heard_states() == ["done"]
    with later(days=31):
        tidy.sweep()
    assert city.heard_states() == [] and city.states() == []


def test_while_it_is_off_notices_are_noted_and_not_kept(
    app: Flask, city: City, connected: Callable[..., Tenant]
) -> None:
    off = connected(city.tenant, city.meta, mode="off")
    assert city.meta.says(CITIZEN, "halo") == 404

    def notice() -> None:
        with app.app_context(), tenant_scope(off, SYSTEM):
            tell(Message("whatsapp", CITIZEN, "x", "x", key="off"))

    Context().run(notice)
    assert [(row.state, row.sealed) for row in session().query(Outgoing)] == [("skipped", "")]


def _fields(message: Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in Message.__slots__}


def test_what_a_lost_host_key_sealed_holds_nobody_up(city: City) -> None:
    city.meta.says(CITIZEN, "halo")
    tell(ANSWERED)
    with work():
        for row in (session().query(Heard).one(), session().query(Outgoing).one()):
            row.sealed = "gAAAAAB-sealed-elsewhere"
    for minutes in (0, 1, 2, 5, 30):
        with later(minutes=minutes):
            city.work()
    assert city.heard_states() == ["failed"] and city.states() == [("dropped", "sealed", 0)]
