"""What a conversation about complaints needs beside the door: guesses, questions, what is still wrong, words.

    from plugins.lapor.contracts.talk import TALK
    errors = use(TALK).wrong(draft)          # nothing is written

A channel that is no page asks one thing at a time, so it has to know what is missing before it submits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from plugins.lapor.contracts.coach import Question
from plugins.lapor.contracts.lists import CategoryGuess
from plugins.lapor.contracts.report import Done, Draft, Upload
from plugins.lapor.contracts.view import PublicView, ReporterView
from superapp.sdk import Event, FieldError, Port

Asks = Literal["", "answer", "confirm"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What an event tells the reporter. `kind` is the event's type, `values` the parts of `text` by name.

    `asks` is "answer" when an officer waits for words, "confirm" when the reporter decides whether it is
    solved. Of a secret case the text says only that there is news.
    """

    number: str
    kind: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    asks: Asks = ""


class Talk(Protocol):
    """What a conversation may ask of the open tenant's complaints."""

    def guess(self, text: str) -> tuple[CategoryGuess, ...]: ...
    def questions_of(self, category: str | None) -> tuple[Question, ...]: ...
    def wrong(self, draft: Draft, photos: Sequence[Upload] = ()) -> tuple[FieldError, ...]: ...
    def told(self, case: PublicView | ReporterView) -> str: ...
    def notice(self, event: Event) -> Notice | None: ...
    def reopen(self, ticket: str, *, reason: str) -> Done: ...


TALK: Port[Talk] = Port("lapor", "talk")
