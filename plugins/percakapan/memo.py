"""What a conversation remembers between two messages; kept sealed, never logged."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, cast

import orjson

from plugins.lapor.contracts import Contact, Draft, Kind, Location
from superapp.sdk import BrokenSeal, new_id, seal, unseal


@dataclass
class Memo:
    """The report so far, which answers were offered, and which case is spoken of.

    `photos` are names in the store; `settled` are questions that were asked already; `text` waits for
    the answer to which case it belongs.
    """

    key: str = ""
    kind: str = "complaint"
    body: str = ""
    lat: float | None = None
    lng: float | None = None
    address: str = ""
    area: str = ""
    category: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    anonymous: bool = False
    offered: list[tuple[str, str]] = field(default_factory=list)
    asked: str = ""
    number: str = ""
    text: str = ""
    greeted: str = ""  # the day

    @property
    def begun(self) -> bool:
        """True when there is something of a report."""
        return bool(self.body or self.photos or self.address or self.lat is not None)

    @property
    def tag(self) -> str:
        """What this report's buttons carry, so that those of an earlier one are known as such."""
        return self.key[-8:]

    def fresh(self) -> None:
        """Give the report a key of its own, once."""
        self.key = self.key or str(new_id())


def closed(memo: Memo) -> str:
    """Sealed for the table."""
    return seal(orjson.dumps(asdict(memo)).decode())


def opened(sealed: str) -> Memo:
    """What was sealed; an empty one when there was none, or the host's key was lost."""
    if not sealed:
        return Memo()
    try:
        told = orjson.loads(unseal(sealed))
    except (BrokenSeal, ValueError):
        return Memo()
    known = {each.name for each in fields(Memo)}
    memo = Memo(**{name: value for name, value in told.items() if name in known})
    memo.offered = [(str(code), str(title)) for code, title in memo.offered]
    return memo


def draft(memo: Memo, *, channel: str, reporter: Contact) -> Draft:
    """The report as LAPOR takes it; one who wants to stay unknown leaves neither name nor number."""
    return Draft(
        kind=cast(Kind, memo.kind),
        title="",
        body=memo.body,
        category=memo.category or None,
        location=Location(memo.lat, memo.lng, memo.address, memo.area or None),
        reporter=Contact() if memo.anonymous else reporter,
        anonymous=memo.anonymous,
        channel=channel,
        answers=dict(memo.answers),
    )
