"""Payloads as the Cloud API's reference shows them (numbers and ids invented), and our own messages' form."""

from __future__ import annotations

from functools import partial

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whatsapp_city import CITIZEN

from plugins.percakapan.contracts import Choice, Say
from plugins.whatsapp import compose, templates
from plugins.whatsapp.payloads import Media, Parsed, is_number, parse, unpacked
from plugins.whatsapp.sandbox import rules

# The first draw reads every source that is loaded; a busy machine takes its time.
calm = partial(settings, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OURS = "100000000000001"


def posted(*, of: str = OURS, field: str = "messages", **value: object) -> dict[str, object]:
    full = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "6281100000000", "phone_number_id": of},
        "contacts": [{"profile": {"name": "Warga Uji"}, "wa_id": CITIZEN}],
        **value,
    }
    change = {"value": full, "field": field}
    return {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}


def message(kind: str, part: object, **more: object) -> dict[str, object]:
    return {"from": CITIZEN, "id": "wamid.UJI", "timestamp": "1764150000", "type": kind, kind: part, **more}


def one(kind: str, part: object) -> object:
    [told] = parse(posted(messages=[message(kind, part)]), OURS).messages
    assert (told.sender, told.name, told.id) == (CITIZEN, "Warga Uji", "wamid.UJI")
    assert told.at.isoformat() == "2025-11-26T09:40:00+00:00"
    assert unpacked(orjson.loads(orjson.dumps(told.packed()))) == told
    return told


def test_each_kind_of_message_is_read() -> None:
    assert one("text", {"body": " Lampu mati "}).text == "Lampu mati"
    pressed = {"type": "button_reply", "button_reply": {"id": "done:yes", "title": "Sudah selesai"}}
    assert (one("interactive", pressed).choice, one("interactive", pressed).text) == (
        "done:yes",
        "Sudah selesai",
    )
    chosen = {"type": "list_reply", "list_reply": {"id": "k:1", "title": "Lampu", "description": "-"}}
    assert one("interactive", chosen).choice == "k:1"
    assert one("button", {"text": "Ya", "payload": "done:yes"}).choice == "done:yes"
    place = {"latitude": -8.65, "longitude": 115.21, "name": "Pasar", "address": "Jalan Uji 1"}
    got = one("location", place).location
    assert (got.lat, got.lng, got.address) == (-8.65, 115.21, "Pasar, Jalan Uji 1")
    image = {"id": "900", "mime_type": "image/jpeg", "sha256": "x", "caption": "Tiangnya"}
    assert (one("image", image).media, one("image", image).text) == (Media("900", "image/jpeg"), "Tiangnya")
    document = {"id": "901", "mime_type": "image/png", "filename": "a.png"}
    assert one("document", document).media == Media("901", "image/png")
    for kind in ("audio", "video", "sticker", "contacts", "order", "unsupported"):
        assert one(kind, {"id": "1", "mime_type": "audio/ogg"}).problem == "unsupported"
    assert one("document", {"id": "902", "mime_type": "application/pdf"}).problem == "unsupported"
    assert one("location", {"latitude": 91, "longitude": 0}).problem == "unsupported"
    assert one("text", "not a mapping").text == ""


def test_states_are_read_with_their_code() -> None:
    states = [
        {"id": "wamid.1", "status": "delivered", "timestamp": "1764150000", "recipient_id": CITIZEN},
        {
            "id": "wamid.2",
            "status": "failed",
            "timestamp": "1764150001",
            "recipient_id": CITIZEN,
            "errors": [{"code": 131047, "title": "Re-engagement message"}],
        },
        {"id": "wamid.3", "status": "deleted", "timestamp": "1764150001"},
    ]
    read = parse(posted(statuses=states), OURS)
    assert [(each.id, each.state, each.code) for each in read.marks] == [
        ("wamid.1", "delivered", 0),
        ("wamid.2", "failed", 131047),
    ]
    assert read.unread == 1


def test_what_is_not_ours_or_asks_nothing_is_left() -> None:
    told = [message("text", {"body": "x"})]
    assert parse(posted(of="999", messages=told), OURS) == Parsed(foreign=1)
    assert parse(posted(messages=told), "") == Parsed(foreign=1)
    assert parse(posted(field="account_update", messages=told), OURS) == Parsed()
    quiet = [
        message("reaction", {"emoji": "x"}),
        {**told[0], "from": "62-811"},
        {**told[0], "timestamp": "soon"},
    ]
    assert parse(posted(messages=quiet), OURS) == Parsed(unread=3)


SIGNS = "aZ9 é\x00\ud800\n\t-🙂"
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(SIGNS, max_size=8) | st.just(OURS)
NAMES = (
    "entry changes value field metadata phone_number_id messages statuses type text id from timestamp",
    "location latitude longitude interactive errors code contacts profile",
)
KEYS = st.sampled_from(" ".join(NAMES).split(" "))
ANY = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["text", "interactive", "button", "location", "image", "document", "video", "reaction"]
)


@calm(max_examples=60)
@given(ANY, KINDS, ANY)
def test_no_payload_breaks_the_reader(body: object, kind: str, part: object) -> None:
    parse(body, OURS)
    read = parse(posted(messages=[message(kind, part), body], statuses=[part], contacts=body), OURS)
    for told in read.messages:
        assert is_number(told.sender) and "\x00" not in told.text + told.choice
        assert unpacked(orjson.loads(orjson.dumps(told.packed()))) == told


CHOICES = st.lists(st.sampled_from("abc"), max_size=3, unique=True)


LONG = st.builds(
    lambda word, times: word * times,
    st.text(SIGNS[:-1].replace("\ud800", ""), min_size=1, max_size=9),
    st.integers(0, 900),
)


@calm(max_examples=60)
@given(LONG, CHOICES, st.booleans())
def test_whatever_is_said_fits_what_meta_takes(text: str, codes: list[str], asks: bool) -> None:
    said = Say(text, tuple(Choice(code, code * 20) for code in codes), asks)
    parts = compose.parts(said)
    for part in parts:
        assert rules.fault(compose.free(CITIZEN, part), {}, ()) is None
    words = "".join("".join(part["text"] for part in parts).removesuffix("Atau pilih:").split())
    assert words == "".join(text.split()) or "Atau pilih:" in text
    assert [each for part in parts for each in part["choices"]] == [[code, code * 20] for code in codes]


@calm(max_examples=60)
@given(st.text(SIGNS, max_size=40), st.lists(st.text("ab", min_size=1, max_size=5), max_size=3))
def test_values_of_a_template_are_one_line_each(value: str, codes: list[str]) -> None:
    made = templates.read("lapor.answered | laporan_dijawab | id | number, due | 2")
    sent = compose.approved(CITIZEN, made, {"number": value}, [[code, code] for code in codes])
    assert rules.fault(sent, {("laporan_dijawab", "id"): 2}, ()) is None
    assert len(rules.seen(sent)["choices"]) == min(len(codes), 2)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lapor.answered", "tulis jenis"),
        ("jawab | x | id", "jenis ditulis"),
        ("lapor.answered | Laporan | id", "nama templat"),
        ("lapor.answered | laporan | indonesia", "bahasa"),
        ("lapor.answered | laporan | id | Nomor!", "nama nilai"),
        ("lapor.answered | laporan | id | | 4", "paling banyak 3"),
    ],
)
def test_a_line_that_names_no_template_says_what_is_wrong(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        templates.table([line])
    with pytest.raises(ValueError, match="dua kali"):
        templates.table(["lapor.answered | a | id"] * 2)
