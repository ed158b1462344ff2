"""Parts, numbers and the gateway's words: what needs no database."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.sms import numbers, parts, proof, request

# The first draw reads every source that is loaded; a busy machine takes its time.
calm = partial(settings, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GSM = "".join(sorted(parts.BASIC - {"\r"}))
SIGNS = "aZ9 \n€^{é" + "🙂ж…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the sign of two places goes to the next part
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("ж" * 66 + "🙂" + "ж" * 66, 3),
    ],
)
def test_the_parts_of_a_text(text: str, expected: int) -> None:
    assert parts.count(text) == expected


@calm(max_examples=80)
@given(st.text(SIGNS, max_size=12), st.integers(1, 60), st.integers(1, 6))
def test_parts_follow_the_lengths_and_a_cut_text_fits(word: str, times: int, most: int) -> None:
    text = word * times
    assert set(GSM) <= parts.BASIC and len(parts.BASIC) == 127  # all but the escape itself
    wide = [sign for sign in text if sign not in parts.BASIC and sign not in parts.EXTENDED]
    places = (
        len(text.encode("utf-16-le")) // 2 if wide else len(text) + sum(s in parts.EXTENDED for s in text)
    )
    one, each = (70, 67) if wide else (160, 153)
    assert parts.count(text) == 1 if places <= one else -(-places // each) <= parts.count(text)
    assert parts.count(text) <= -(-places // (each - 1)) + 1
    assert parts.count(text) <= parts.count(text + "a")
    fitted = parts.fit(text, most)
    assert parts.count(fitted) <= most
    assert fitted == text if parts.count(text) <= most else fitted.endswith("...")


def test_signs_with_a_twin_do_not_double_the_price() -> None:
    told = parts.plain("“Jalan Pipit” – depan pasar… ‘ya’\u00a0→ 3 × 4\ufeff")
    assert told == "\"Jalan Pipit\" - depan pasar... 'ya' -> 3 x 4" and parts.is_gsm(told)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0811 0000 0001", "6281100000001"),
        ("0811-0000-0001", "6281100000001"),
        ("+62 811 0000 0001", "6281100000001"),
        ("6281100000001", "6281100000001"),
        ("006281100000001", "6281100000001"),
        ("+62 (0)811 0000 0001", "6281100000001"),
        ("81100000001", "6281100000001"),
        ("(0361) 100000", "62361100000"),
        ("+65 8100 0001", "6581000001"),
        ("6581000001", ""),
        ("INFO", ""),
        ("112", ""),
        ("", ""),
        ("+", ""),
        ("0811a0000001", ""),
        ("٠٨١١٠٠٠٠٠٠٠١", ""),
        ("08" + "1" * 20, ""),
    ],
)
def test_numbers_as_indonesians_write_them(written: str, expected: str) -> None:
    assert numbers.digits(written) == expected


BASE = {
    "method": "POST",
    "url": "https://gerbang.example/kirim",
    "headers": ["Authorization: Bearer {secret}", "Idempotency-Key: {key}"],
    "body_form": "json",
    "body": '{"to": "{to}", "text": "{text}", "ref": "{key}", "x": {"y": 1}}',
    "secret": "s3",
    "success_status": "200, 202",
    "success_path": "messages.0.status",
    "success_value": "OK",
}


@calm(max_examples=60)
@given(st.text('"\\{}<>&=%+\n\r aé🙂', max_size=20))
def test_what_a_citizen_writes_stays_inside_of_its_place(text: str) -> None:
    made = request.make(BASE, to="62811", text=text, key="k-1")
    assert orjson.loads(made.content) == {"to": "62811", "text": text, "ref": "k-1", "x": {"y": 1}}
    assert made.headers["Authorization"] == "Bearer s3" and made.headers["Idempotency-Key"] == "k-1"
    form = {**BASE, "body_form": "form", "body": "to={to}&text={text}"}
    sent = request.make(form, to="62811", text=text, key="k").content.decode()
    assert parse_qs(sent, keep_blank_values=True) == {"to": ["62811"], "text": [text]}
    by_get = {
        **BASE,
        "method": "GET",
        "url": "https://gerbang.example/kirim?to={to}&text={text}&key={secret}",
    }
    asked = request.make(by_get, to="62811", text=text, key="k")
    assert parse_qs(urlsplit(asked.url).query, keep_blank_values=True)["text"] == [text]
    assert urlsplit(asked.url).netloc == "gerbang.example" and asked.content == b""
    xml = {**BASE, "body_form": "xml", "body": "<sms><to>{to}</to><text a='{text}'>{text}</text></sms>"}
    tree = ElementTree.fromstring(request.make(xml, to="62811", text=text, key="k").content)
    assert (tree[1].text or "").replace("\n", "") == text.replace("\r", "").replace("\n", "")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"messages": [{"status": "ok"}]}', True),
        (202, b'{"messages": [{"status": "OK "}]}', True),
        (201, b'{"messages": [{"status": "ok"}]}', False),
        (200, b'{"messages": [{"status": "rejected"}]}', False),
        (200, b'{"messages": []}', False),
        (200, b"[]", False),
        (200, b"OK", False),
        (500, b'{"messages": [{"status": "ok"}]}', False),
    ],
)
def test_when_an_answer_means_yes(status: int, body: bytes, expected: bool) -> None:
    assert request.taken(BASE, status, body) is expected


def test_a_post_proves_itself() -> None:
    body = b"from=62811"
    assert proof.proven("header", "rahasia", body, "rahasia")
    assert not proof.proven("header", "Rahasia", body, "rahasia")
    assert not proof.proven("header", "", body, "")
    right = proof.sign(body, "rahasia")
    assert proof.proven("hmac", right, body, "rahasia") and proof.proven(
        "hmac", f"sha256={right}", body, "rahasia"
    )
    assert not proof.proven("hmac", right, body + b"1", "rahasia")
    assert not proof.proven("hmac", "rahasia", body, "rahasia")
    assert not proof.proven("hmac", "\u00e9", body, "rahasia")
