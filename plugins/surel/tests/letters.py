"""Mails as programs really write them, for tests."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

TO = "lapor@kota.go.id"
WHO = "warga@example.org"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82"
)
STORY = "Lampu jalan di depan pasar mati sejak seminggu.\nLokasi: Jalan Uji 5, dekat pasar"


def letter(
    text: str = STORY,
    *,
    subject: str = "Lampu jalan mati",
    sender: str = WHO,
    to: str = TO,
    number: str = "a1",
    heads: dict[str, str] | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
    html: str = "",
) -> bytes:
    """A whole message; `number` makes its Message-ID."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = f"Pengirim <{sender}>", to, subject
    made["Message-ID"], made["Return-Path"] = f"<{number}@example.org>", f"<{sender}>"
    for name, value in (heads or {}).items():
        del made[name]
        made[name] = value
    if text:
        made.set_content(text)
    if html and text:
        made.add_alternative(html, subtype="html")
    elif html:
        made.set_content(html, subtype="html")
    for name, kind, data in files:
        main, _slash, sub = kind.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def bounce(address: str, mark: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report as RFC 3464 shows it, with the head of the returned mail."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {TO}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b-{mark}-{status}@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--B
Content-Type: text/rfc822-headers

From: {TO}
To: {address}
X-Superapp-Mail: {mark}

--B--
""".replace("\n", "\r\n").encode()
