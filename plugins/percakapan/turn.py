"""One message and all that is needed to answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from plugins.lapor.contracts import Contact, Draft
from plugins.lapor.contracts.door import DOOR, Door
from plugins.lapor.contracts.talk import TALK
from plugins.lapor.contracts.talk import Talk as Lapor
from plugins.percakapan import memo as memos
from plugins.percakapan import words
from plugins.percakapan.book import KNOWN
from plugins.percakapan.contracts import Choice, Incoming, Say, Sender
from plugins.percakapan.memo import Memo
from plugins.percakapan.models import Talk
from plugins.percakapan.reading import cut
from superapp.sdk import AppError, after_commit, current_tenant, now, settings_of, storage, use

TITLE_MOST, CODE_MOST = 20, 100
NAME = "percakapan"


@dataclass
class Turn:
    """`text` is tidied; `said` grows while the message is answered."""

    sender: Sender
    message: Incoming
    text: str
    talk: Talk
    memo: Memo
    said: list[Say] = field(default_factory=list)
    offers: bool = False  # this turn offered choices

    @property
    def draft(self) -> Draft:
        """The report so far, as LAPOR takes it."""
        return memos.draft(self.memo, channel=self.sender.channel, reporter=self.reporter)

    @property
    def door(self) -> Door:
        """LAPOR's door."""
        return use(DOOR)

    @property
    def lapor(self) -> Lapor:
        """What LAPOR tells conversations."""
        return use(TALK)

    @property
    def reporter(self) -> Contact:
        """Who the channel says that it is."""
        phone = "".join(c for c in self.sender.phone if c.isascii() and c.isdigit())[:20]
        name = cut("".join(c if c.isprintable() else " " for c in self.sender.name), 100)
        return Contact(name=name, phone=f"+{phone}" if len(phone) > 5 else "")

    def say(self, text: str, *choices: tuple[str, str], asks_location: bool = False) -> None:
        """Add a message; its choices, code and title, replace what was offered before."""
        made = tuple(Choice(code[:CODE_MOST], cut(title, TITLE_MOST)) for code, title in choices[:3])
        self.said.append(Say(text, made, asks_location))
        if choices:
            self.offers = True
            self.memo.offered = [(each.code, each.title) for each in made]

    def greet(self, text: str) -> str:
        """The greeting, once a day, in front of these words."""
        day = str(now().date())
        if self.memo.greeted == day:
            return text
        self.memo.greeted = day
        return f"{words.greeting()} {text}".strip()

    def also(self, error: AppError) -> None:
        """Say an error's own words."""
        words = " ".join(each.message for each in error.errors[:3]) or f"{error.title} {error.detail}"
        self.say(words.strip() or "Maaf, itu belum bisa diproses. Tulis BANTUAN.")

    def wait(self, state: str) -> None:
        """What the next message is an answer to; choices of an earlier question mean nothing any more."""
        self.talk.state = state
        if not self.offers:
            self.memo.offered = []
        hours = int(settings_of(current_tenant(), NAME)["draft_hours"])
        short = timedelta(minutes=30) if state == "rate" else timedelta(hours=hours)
        self.talk.expires_at = now() + (KNOWN if state == "idle" else short)

    def drop(self) -> None:
        """Forget the report so far; its pictures go with the commit."""
        names, self.memo = list(self.memo.photos), Memo(greeted=self.memo.greeted)
        self.wait("idle")
        if names:
            after_commit(lambda: _delete(names))


def _delete(names: list[str]) -> None:
    for each in names:
        storage.delete(each)
