"""Who must not be answered: machines, lists, bounces, ourselves, and mails whose sender is not proven."""

from __future__ import annotations

import re

from plugins.surel.intake.mail import Mail

MARK = "x-superapp-mail"
DAEMONS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce")
BULK = {"bulk", "junk", "list", "auto_reply"}
SUPPRESSED = {"all", "oof", "autoreply"}


def why_silent(mail: Mail, own: frozenset[str]) -> str:
    """The cause for which nobody is answered and nothing is made: "" when a person wrote.

    `own` are our addresses, in small letters. RFC 3834 and what mail programs use beside it.
    """
    local = mail.sender.partition("@")[0]
    auto = mail.head("auto-submitted").partition(";")[0].strip()
    tests = (
        (mail.bounce is not None, "bounce"),
        (mail.head(MARK) != "", "own"),
        (without_tag(mail.sender) in own, "own"),
        (mail.report or mail.returned_to == "" or bool(mail.head("x-failed-recipients")), "bounce"),
        (local.startswith(DAEMONS), "machine"),
        (auto not in ("", "no"), "auto_reply"),
        (bool(mail.head("x-autoreply") or mail.head("x-autorespond")), "auto_reply"),
        (bool(set(re.split(r"[,\s]+", mail.head("x-auto-response-suppress"))) & SUPPRESSED), "auto_reply"),
        (mail.head("precedence").strip() in BULK, "bulk"),
        (any(name in {"list-id", "list-unsubscribe", "feedback-id"} for name, _ in mail.heads), "list"),
    )
    return next((cause for found, cause in tests if found), "")


def unproven(mail: Mail, trusted: str) -> bool:
    """True when the server that we trust says that the sender's domain disowns this mail.

    Only verdicts under that server's name count, and of those the topmost: whoever sends a mail can
    write further ones into its head (RFC 8601). Without a trusted name nothing is known.
    """
    if not trusted:
        return False
    for verdict in mail.verdicts:
        name, _semicolon, said = verdict.strip().partition(";")
        if name.split()[:1] == [trusted]:
            return re.search(r"(?i)\bdmarc\s*=\s*(?:fail|permerror)\b", said) is not None
    return False


def without_tag(address: str) -> str:
    """An address without what stands after a plus."""
    local, _at, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}" if domain else address.lower()
