"""The effect itself: hand an e-mail to an SMTP server, or put it into a file."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

TIMEOUT = 15.0  # seconds for each step of the talk with the server
STEPS = 10  # at most so many of them; a talk is over after TIMEOUT * STEPS


class NotSent(Exception):
    """It surely did not go out, and may be tried again; the text is a short reason."""


class Refused(Exception):
    """The server will never take it."""


class Unknown(Exception):
    """The line died after the message was handed over: it may have arrived."""


def by_smtp(email: EmailMessage, settings: Mapping[str, Any]) -> None:
    """Hand over to the tenant's server. Raises NotSent, Refused or Unknown."""
    try:
        client = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_reason(error)) from error
    try:
        _hand_over(client, email)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()


def _connect(settings: Mapping[str, Any]) -> smtplib.SMTP:
    host, port = settings["host"], settings["port"]
    trusted = ssl.create_default_context()
    client: smtplib.SMTP
    if settings["security"] == "tls":
        client = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=trusted)
    else:
        client = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        client.ehlo_or_helo_if_needed()
        if settings["security"] == "starttls":
            client.starttls(context=trusted)  # refused by the server: an error, never plain text
            client.ehlo_or_helo_if_needed()
        if settings["user"]:
            client.login(settings["user"], settings["password"])
    except BaseException:
        client.close()
        raise
    return client


def _hand_over(client: smtplib.SMTP, email: EmailMessage) -> None:
    sender, reader = (email[name].addresses[0].addr_spec for name in ("From", "To"))
    try:
        for code, said in (client.mail(sender), client.rcpt(reader)):
            if not 200 <= code < 300:
                raise Refused(f"SMTP {code}") if code >= 500 else NotSent(f"SMTP {code} {said[:60]!r}")
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_reason(error)) from error
    try:
        code, _said = client.data(email.as_bytes())
    except smtplib.SMTPDataError as error:  # answered before the message was handed over
        raise _answered(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown(_reason(error)) from error
    if code != 250:
        raise _answered(code)


def _answered(code: int) -> Exception:
    return Refused(f"SMTP {code}") if code >= 500 else NotSent(f"SMTP {code}")


def _reason(error: Exception) -> str:
    """The kind of an error and its SMTP code; its text may hold the address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def to_file(email: EmailMessage, folder: Path, name: str) -> None:
    """Put `name`.eml into a folder, whole or not at all; a repeat writes the same file. Raises NotSent."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{name}.part"
        half.write_bytes(email.as_bytes())
        half.replace(folder / f"{name}.eml")
    except OSError as error:
        raise NotSent(_reason(error)) from error
