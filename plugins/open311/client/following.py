"""What is new at another GeoReport server: numbers behind tokens, states, updates.

A state is news when its word differs from the last one that was taken in, so asking again and again
tells nothing twice, and a worker that dies in between loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts import Status
from plugins.lapor.contracts.outside import (
    OUTSIDE,
    Arrival,
    Busy,
    CaseRef,
    Destination,
    News,
    Pulled,
    Standing,
)
from plugins.open311.client import asking, servers, wire
from plugins.open311.client.servers import PLUGIN, Peer
from plugins.open311.models import Told
from superapp.sdk import now, use, work

PAGE, TOKENS, SINGLES = 50, 10, 10  # of one turn: cases, tokens asked, requests asked one by one
OVERLAP, SWEEP, FIRST = timedelta(minutes=15), timedelta(hours=48), timedelta(days=7)
ENDED: Final = frozenset({"closed", "archived"})
FIELDS: Final = ("service_request_id",)
NEWS: Final[Mapping[str, News]] = {
    "fixed": "answer",
    "closed": "answer",
    "no_further_action": "closing",
    "duplicate": "closing",
    "cancelled": "closing",
    "not_councils_responsibility": "return",
}
# What our states may be while theirs is this one.
WHILE_OPEN: Final[tuple[Status, ...]] = (
    *("received", "verified", "dispositioned", "returned", "in_progress", "on_hold", "forwarded"),
)
WHEN_CLOSED: Final[tuple[Status, ...]] = ("answered", "closed", "archived")


def pull(destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
    """A page of what is new. None for another connector's destination. Raises Busy."""
    peer = _peer(destination)
    if peer is None:
        return None
    after = UUID(cursor["after"]) if cursor.get("after") else None
    began = now()
    with work():
        refs = use(OUTSIDE).refs(destination.id, after=after, limit=PAGE)
    news = _states(peer, refs)
    if after is None and peer.updates:
        news += _updates(peer, cursor, began)
    told = [*_numbers(peer, refs), *sorted(news, key=lambda each: each.at)]
    onward = dict(cursor)
    if after is None and peer.updates:
        onward |= {"since": began.isoformat(), "swept": began.date().isoformat()}
    full = len(refs) == PAGE
    onward["after"] = str(refs[-1].complaint_id) if full else None
    return Pulled(told, onward, more=full)


def compare(destination: Destination, refs: Sequence[CaseRef]) -> list[Standing] | None:
    """How these cases stand there. None for another connector's destination. Raises Busy."""
    peer = _peer(destination)
    if peer is None:
        return None
    known = [each for each in refs if each.foreign_id]
    found: list[Standing] = []
    for first in range(0, len(known), PAGE):
        part = known[first : first + PAGE]
        by_id = _requests(peer, [each.foreign_id for each in part], singles=PAGE)
        found += [_standing(each, by_id[each.foreign_id]) for each in part if each.foreign_id in by_id]
    return found


def _standing(ref: CaseRef, record: wire.Record) -> Standing:
    word = wire.text(record, "status", 40).lower()
    # Of a copy only its being there is compared: it may rightly stand otherwise.
    fits = {"open": WHILE_OPEN, "closed": WHEN_CLOSED}.get(word, ()) if ref.owner else ()
    return Standing(ref.foreign_id, word, fits, ref.number, wire.moment(record, "updated_datetime"))


def _peer(destination: Destination) -> Peer | None:
    return servers.peer(destination.key) if destination.plugin == PLUGIN else None


def _numbers(peer: Peer, refs: Iterable[CaseRef]) -> list[Arrival]:
    """The numbers of those that were answered with a token."""
    found = []
    waiting = [each for each in refs if each.second_id and not each.foreign_id]
    for ref in sorted(waiting, key=lambda each: each.sent_at or now(), reverse=True)[:TOKENS]:
        try:
            answers = asking.get(peer, f"tokens/{asking.segment(ref.second_id)}", {}, FIELDS) or []
        except Busy:
            break  # a server that stumbles over tokens must not keep us from all the rest
        number = next(filter(None, (wire.text(each, "service_request_id", 200) for each in answers)), "")
        if number:
            found.append(
                Arrival(f"number:{ref.second_id}", now(), number, ref.second_id, ref.number, news="number")
            )
    return found


def _states(peer: Peer, refs: Iterable[CaseRef]) -> list[Arrival]:
    """What changed of those whose number is known and that are not over here."""
    known = [each for each in refs if each.foreign_id and each.status not in ENDED]
    by_id = _requests(peer, [each.foreign_id for each in known], singles=SINGLES)
    made = (_state(peer, each, by_id[each.foreign_id]) for each in known if each.foreign_id in by_id)
    return [each for each in made if each is not None]


def _requests(peer: Peer, ids: Sequence[str], *, singles: int) -> dict[str, wire.Record]:
    """Requests by id: asked in one list, then one by one where the list left some out."""
    if not ids:
        return {}
    wanted = set(ids)
    listed = asking.get(peer, "requests", {"service_request_id": ",".join(ids)}, FIELDS) or []
    found = _by_id(listed, wanted)
    for missing in [each for each in ids if each not in found][:singles]:
        alone = asking.get(peer, f"requests/{asking.segment(missing)}", {}, FIELDS) or []
        found |= _by_id(alone, {missing})
    return found


def _by_id(records: Iterable[wire.Record], wanted: set[str]) -> dict[str, wire.Record]:
    pairs = ((wire.text(each, "service_request_id", 200), each) for each in records)
    return {number: each for number, each in pairs if number in wanted}


def _state(peer: Peer, ref: CaseRef, record: wire.Record) -> Arrival | None:
    """A state as news; None for one that says nothing new."""
    status, notes = wire.text(record, "status", 40).lower(), wire.text(record, "status_notes")
    word = f"{status}: {notes}"[:200].rstrip(": ")
    if status not in {"open", "closed"} or word == ref.last_word:
        return None
    was_closed = ref.last_word.startswith("closed")
    if status == "open" and not was_closed and (peer.updates or not notes):
        return None  # what happens is told in updates, or nothing did
    at = min(wire.moment(record, "updated_datetime") or now(), now())
    heard = ref.heard_at.isoformat() if ref.heard_at else ""
    mark = hashlib.sha256(f"{word}|{at.isoformat()}|{heard}".encode()).hexdigest()[:20]
    return Arrival(
        f"state:{ref.foreign_id}:{mark}",
        at,
        ref.foreign_id,
        news="answer" if status == "closed" else "progress",
        text=notes,
        word=word,
        who=wire.text(record, "agency_responsible", 200),
    )


def _updates(peer: Peer, cursor: Mapping[str, Any], moment: datetime) -> list[Arrival]:
    """Their updates since we asked last; once a day also what was written late. Ours are left out."""
    asked = cursor.get("since")
    since = datetime.fromisoformat(asked) - OVERLAP if asked else moment - FIRST
    if cursor.get("swept") != moment.date().isoformat():
        since = min(since, moment - SWEEP)
    # Their clock may run before ours.
    window = {"start_date": _spelled(since), "end_date": _spelled(moment + OVERLAP)}
    records = asking.get(peer, "servicerequestupdates", window, ("update_id",)) or []
    ours = _ours(peer, [wire.text(each, "update_id", 200) for each in records])
    made = [_update(each) for each in records if wire.text(each, "update_id", 200) not in ours]
    told = [each for each in made if each is not None]
    known = _known(peer, {each.foreign_id for each in told})
    return [each for each in told if each.foreign_id in known]


def _known(peer: Peer, foreign_ids: set[str]) -> set[str]:
    """Those of their ids that are between us: their list tells of everybody's requests."""
    with work():
        ref = use(OUTSIDE).ref
        return {each for each in foreign_ids if ref(peer.destination_id, foreign_id=each) is not None}


def _update(record: wire.Record) -> Arrival | None:
    """One update as news; None for one that only repeats what everybody knows."""
    update_id = wire.text(record, "update_id", 200)
    foreign_id = wire.text(record, "service_request_id", 200)
    status, text = wire.text(record, "status", 40).lower(), wire.text(record, "description")
    news = NEWS.get(status, "progress")
    if not update_id or not foreign_id or (news == "progress" and (not text or status == "open")):
        return None
    at = min(wire.moment(record, "updated_datetime") or now(), now())
    return Arrival(f"update:{update_id}", at, foreign_id, news=news, text=text)


def _ours(peer: Peer, update_ids: Sequence[str]) -> set[str]:
    if not update_ids:
        return set()
    with work() as unit:
        query = select(Told.update_id).where(Told.server_id == peer.id, Told.update_id.in_(update_ids))
        return set(unit.scalars(query))


def _spelled(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
