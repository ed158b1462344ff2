"""A person's own data (UU 27/2022): a copy, and taking it away, where a phone number is the address."""

from __future__ import annotations

import re

from sqlalchemy import delete, select

from plugins.percakapan import book
from plugins.percakapan import memo as memos
from plugins.percakapan.models import Follow, Talk
from superapp.sdk import PersonalData, session, storage, work

BY_NUMBER = ("whatsapp", "sms")
FORMS = ("{}", "+{}")


def export(contact: str) -> PersonalData | None:
    """Conversations with this number and the reports whose news go there; None without."""
    whos = _whos(contact)
    talks = list(session().scalars(select(Talk).where(Talk.who.in_(whos)))) if whos else []
    follows = list(session().scalars(select(Follow).where(Follow.who.in_(whos)))) if whos else []
    if not talks and not follows:
        return None
    return PersonalData(
        "Percakapan",
        {
            "conversations": [
                {"channel": t.channel, "at": t.updated_at.isoformat(), "draft": memos.opened(t.memo).body}
                for t in talks
            ],
            "news_of": [{"channel": f.channel, "number": f.number} for f in follows],
        },
    )


def erase(contact: str) -> int | None:
    """Forget the number's conversations, drafts and where its news go; how many rows that were."""
    whos = _whos(contact)
    if not whos:
        return None
    with work() as unit:
        talks = list(unit.scalars(select(Talk).where(Talk.who.in_(whos))))
        for talk in talks:
            for name in memos.opened(talk.memo).photos:
                storage.delete(name)
            unit.delete(talk)
        dropped = unit.execute(delete(Follow).where(Follow.who.in_(whos)))
    return (len(talks) + int(getattr(dropped, "rowcount", 0))) or None


def _whos(contact: str) -> list[str]:
    """The hashes that a phone number may have; [] for an e-mail address."""
    digits = re.sub(r"\D", "", contact)
    if "@" in contact or len(digits) < 6:
        return []
    numbers = {digits, f"62{digits[1:]}" if digits.startswith("0") else digits}
    return [
        who
        for channel in BY_NUMBER
        for number in sorted(numbers)
        for form in FORMS
        for who in book.any_who(channel, form.format(number))
    ]
