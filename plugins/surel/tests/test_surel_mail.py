"""Reading what mail programs make: whatever bytes come, it answers; machines are not taken for people."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.surel.intake import content, judge, mail, words
from plugins.surel.tests.letters import PNG, TO, WHO, bounce, letter

OWN = frozenset({TO})


def test_a_usual_mail_is_read_whole() -> None:
    raw = letter(
        "Lampu mati\n> lama\n",
        html="<p>Lampu mati</p>",
        files=(("lampu.png", "image/png", PNG), ("surat.pdf", "application/pdf", b"%PDF-1.7")),
    )
    read = mail.read(raw)
    assert (read.sender, read.name, read.subject) == (WHO, "Pengirim", "Lampu jalan mati")
    assert read.recipients == (TO,) and read.message_id == "<a1@example.org>"
    assert content.said(read) == "Lampu mati"
    photos, others = content.sorted_out(read.attachments)
    assert [each.filename for each in photos] == ["lampu.png"] and others == "surat.pdf"
    logo = mail.Attachment("logo.png", "image/png", PNG, inline=True)
    assert content.sorted_out([logo]) == ((), "")


def test_html_alone_becomes_words_and_never_markup() -> None:
    page = (
        "<html><head><style>p{color:red}</style></head><body><p>Jalan&nbsp;berlubang</p>"
        "<script>alert(1)</script><div>dekat <b>pasar</b></div><blockquote>surat lama</blockquote></body>"
    )
    assert content.said(mail.read(letter("", html=page))) == "Jalan berlubang\ndekat pasar"


@pytest.mark.parametrize(
    ("charset", "text"), [("iso-8859-1", "Café rusak"), ("utf-8", "Jalan – rusak"), ("cp1252", "“lubang”")]
)
def test_charsets(charset: str, text: str) -> None:
    head = f"From: {WHO}\r\nSubject: =?{charset}?q?x?=\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    assert mail.read(head.encode() + text.encode(charset)).text == text


def test_wrong_charsets_and_broken_headers_are_read_as_well_as_they_can_be() -> None:
    raw = (
        b"From: Warga \xe9 <warga@example.org>\r\nSubject: =?utf-8?b?%%%?= L\xc3\xa4mpu\r\n"
        b"Content-Type: text/plain; charset=tidak-ada\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"TGFtcHUgbWF0aQ==\r\n"
    )
    read = mail.read(raw)
    assert read.sender == WHO and read.text.strip() == "Lampu mati" and "pu" in read.subject


@pytest.mark.parametrize(
    "quoted",
    [
        "Pada Sel, 17 Mar 2026 pukul 10.15 Kota <lapor@kota.go.id> menulis:\n\n> lama",
        "On Tue, Mar 17, 2026 at 10:15 AM Kota <lapor@kota.go.id>\nwrote:\n\nlama",
        "-----Pesan Asli-----\nDari: Kota",
        "-----Original Message-----\nlama",
        "________________________________\nFrom: Kota\nSent: Tuesday",
        "Dari: Kota <lapor@kota.go.id>\nDikirim: Selasa 17 Maret\nKepada: warga\n",
        "> lama\n> lagi",
        "-- \nNama\nTelepon 0812",
        "Dikirim dari telepon saya",
        "Sent from my phone",
    ],
)
def test_only_the_writers_own_words_stay(quoted: str) -> None:
    assert words.own_words(f"Di Jalan Uji 5.\nPada hari Selasa lampunya mati.\n\n{quoted}") == (
        "Di Jalan Uji 5.\nPada hari Selasa lampunya mati."
    )


@pytest.mark.parametrize(
    ("heads", "cause"),
    [
        ({}, ""),
        ({"Auto-Submitted": "no"}, ""),
        ({"Auto-Submitted": "auto-replied; owner-email=x"}, "auto_reply"),
        ({"Auto-Submitted": "auto-generated"}, "auto_reply"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Precedence": "Auto_Reply"}, "bulk"),
        ({"List-Id": "<kabar.example.org>"}, "list"),
        ({"List-Unsubscribe": "<mailto:x@example.org>"}, "list"),
        ({"X-Autoreply": "yes"}, "auto_reply"),
        ({"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}, "auto_reply"),
        ({"X-Auto-Response-Suppress": "DR"}, ""),
        ({"Return-Path": "<>"}, "bounce"),
        ({"X-Failed-Recipients": "x@example.org"}, "bounce"),
        ({"From": "Mail Delivery <MAILER-DAEMON@mx.example.org>"}, "machine"),
        ({"From": f"Kota <{TO}>"}, "own"),
        ({"From": "Kota <lapor+abc@kota.go.id>"}, "own"),
        ({"X-Superapp-Mail": "0" * 32}, "own"),
    ],
)
def test_machines_lists_and_ourselves_are_not_answered(heads: dict[str, str], cause: str) -> None:
    assert judge.why_silent(mail.read(letter(heads=heads)), OWN) == cause


def test_a_delivery_report_names_the_address_and_our_mark() -> None:
    read = mail.read(bounce("hilang@example.org", "ab" * 16))
    assert read.bounce == mail.Bounce("hilang@example.org", True, "ab" * 16)
    assert judge.why_silent(read, OWN) == "bounce"
    assert mail.read(
        bounce("x@example.org", "ab" * 16, status="4.2.2", action="delayed")
    ).bounce == mail.Bounce("x@example.org", False, "ab" * 16)


@pytest.mark.parametrize(
    ("verdicts", "unproven"),
    [
        ("mx.kota.go.id; spf=pass; dmarc=pass", False),
        ("mx.kota.go.id; spf=fail; dmarc=fail (p=NONE)", True),
        ("mx.lain.example; dmarc=fail", False),
        ("mx.kota.go.id.lain.example; dmarc=fail", False),
        ("", False),
    ],
)
def test_only_the_trusted_server_says_whether_a_sender_is_proven(verdicts: str, unproven: bool) -> None:
    heads = {"Authentication-Results": verdicts} if verdicts else {}
    read = mail.read(letter(heads=heads))
    assert judge.unproven(read, "mx.kota.go.id") is unproven
    assert judge.unproven(read, "") is False


def test_a_verdict_that_the_sender_wrote_below_the_servers_own_counts_for_nothing() -> None:
    raw = b"Authentication-Results: mx.kota.go.id; dmarc=fail\r\n" + letter(
        heads={"Authentication-Results": "mx.kota.go.id; dmarc=pass"}
    )
    assert judge.unproven(mail.read(raw), "mx.kota.go.id")


def test_two_senders_or_an_odd_one_are_no_sender() -> None:
    for odd in ("a@b.id, c@d.id", "bukan alamat", "", '"x y"@example.org'):
        assert mail.read(f"From: {odd}\r\n\r\nteks".encode()).sender == ""


HEADS = st.sampled_from(
    [
        *(
            b"From: a@b.id",
            b"From: =?utf-8?q?=ff=fe?= <a@b.id>",
            b"Subject: =?x?b?%?=",
            b"To: lapor+x@kota.go.id",
        ),
        *(b"Content-Type: multipart/mixed; boundary=B", b"Content-Type: text/html; charset=utf-7"),
        *(b"Content-Type: multipart/report; boundary=B", b"Content-Transfer-Encoding: base64"),
        *(b"Content-Disposition: attachment; filename*=utf-8''%ff", b"--B", b"--B--", b"", b"\xff\xfe\x00"),
        *(
            b"Auto-Submitted: auto-replied",
            b"References: <x> <y@z>",
            b"Content-Type: ;;;=",
            b"Return-Path: <>",
        ),
        *(
            b"Content-Type: message/rfc822",
            b"<p>teks<!--",
            b"<![CDATA[",
            b"Content-Type: message/delivery-status",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.one_of(HEADS, st.binary(max_size=30)), max_size=14).map(b"\n".join),
    )
)
def test_whatever_bytes_come_it_answers(raw: bytes) -> None:
    read = mail.read(raw)
    said = content.said(read)
    said.encode()
    assert "\x00" not in said + read.subject + read.name
    judge.why_silent(read, OWN)
    judge.unproven(read, "mx.kota.go.id")
    content.sorted_out(read.attachments)
    machine = b"Auto-Submitted: auto-replied\n" + raw
    assert judge.why_silent(mail.read(machine), OWN) or not mail.read(machine).heads
