"""What becomes of a message: plain text with HTML beside it; nothing can smuggle a header or a reader."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from plugins.surel.compose import BadMessage, address, email_of, shortened
from superapp.sdk import Message

MOMENT = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)


def made(to: str = "warga@example.org", subject: str = "Halo", name: str = "Kota", html: str = "") -> bytes:
    message = Message("email", to, subject, "Isi – dengan garis\n.titik\n", key="a:1", html=html)
    return email_of(
        message, sender="lapor@kota.go.id", sender_name=name, tenant_id=7, moment=MOMENT
    ).as_bytes()


def test_text_and_html_survive_the_way() -> None:
    read = message_from_bytes(made(subject="Jalan – rusak", html="<p>Isi</p>"), policy=default)
    assert read["Subject"] == "Jalan – rusak" and read["To"] == "warga@example.org"
    assert read["From"] == "Kota <lapor@kota.go.id>"
    assert read.get_body(("plain",)).get_content().split() == ["Isi", "–", "dengan", "garis", ".titik"]
    assert read.get_body(("html",)).get_content().strip() == "<p>Isi</p>"
    assert read["Auto-Submitted"] == "auto-generated"


def test_a_repeat_has_the_same_message_id() -> None:
    first, second = (message_from_bytes(made(), policy=default)["Message-ID"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Halo\r\nBcc: lain@example.org"},
        {"subject": "Halo\nX: y"},
        {"subject": "a\x00b"},
        {"subject": "a\u2028b"},
        {"name": "Kota\r\nBcc: lain@example.org"},
        {"to": "warga@example.org\r\nBcc: lain@example.org"},
        {"to": "warga@example.org, lain@example.org"},
        {"to": "warga@example.org "},
        {"to": "<warga@example.org>"},
        {"to": "warga@localhost"},
        {"to": "@example.org"},
        {"to": '"a b"@example.org'},
        {"to": "wárga@example.org"},
        {"to": ""},
        {"to": f"{'a' * 65}@example.org"},
        {"to": f"a@{'b.' * 130}org"},
    ],
)
def test_header_injection_and_odd_addresses_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadMessage):
        made(**wrong)


def test_a_name_with_marks_stays_a_name() -> None:
    read = message_from_bytes(made(name='Kota "A" <x@y.zz>, Bali'), policy=default)
    assert [a.addr_spec for a in read["From"].addresses] == ["lapor@kota.go.id"]


def test_usual_addresses_pass() -> None:
    for usual in ("a@b.id", "nama.depan+tanda@sub.kota.go.id", "x_y-z@example.museum"):
        assert address(usual) == usual


def test_the_desk_sees_one_letter_and_the_domain() -> None:
    assert shortened("warga@example.org") == "w…@example.org"
    assert shortened("no address") == "…" and shortened("a@b\r\nc") == "…"
