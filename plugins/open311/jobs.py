"""Reading other servers' services, and forgetting what nobody asks for any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete

from plugins.lapor.contracts.outside import Busy
from plugins.open311.client import asking, servers, wire
from plugins.open311.client.servers import Peer
from plugins.open311.models import Token, Told
from superapp.sdk import NotFound, now, work

MOST_SERVICES, MOST_ATTRIBUTES, MOST_VALUES = 500, 60, 200
KEEP_TOLD, KEEP_TOKENS = timedelta(days=180), timedelta(days=400)
DATATYPES: Final = frozenset({"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"})


def fetch(server_id: str) -> None:
    """Read a server's services and what those ask that we send to. What went wrong is shown at the desk."""
    peer = servers.peer(server_id)
    if peer is None:
        return
    services: list[dict[str, Any]] | None = None
    definitions: dict[str, list[dict[str, Any]]] = {}
    error = ""
    try:
        services = _services(asking.get(peer, "services", {}, ("service_code",)) or [])
        asked = {each["code"] for each in services if each["metadata"]} & set(peer.mapping.values())
        definitions = {code: _definition(peer, code) for code in sorted(asked)}
    except Busy as busy:
        error = str(busy)[:500]
    with work():
        try:
            row = servers.one(UUID(server_id), lock=True)
        except NotFound:
            return
        row.fetched_at, row.fetch_error = now(), error
        if services is not None and not error:
            row.services, row.definitions = services, definitions


def refresh() -> None:
    """Read each server's services again."""
    with work():
        for row in servers.living():
            servers.read_again(row.id)


def tidy() -> None:
    """Forget ids of updates that are told no more, and tokens of more than a year ago."""
    with work() as unit:
        unit.execute(delete(Told).where(Told.made_at < now() - KEEP_TOLD))
        unit.execute(delete(Token).where(Token.created_at < now() - KEEP_TOKENS))


def _services(records: Iterable[wire.Record]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in records:
        code = wire.text(each, "service_code", 100)
        if code and len(found) < MOST_SERVICES:
            found[code] = {
                "code": code,
                "name": wire.text(each, "service_name", 200) or code,
                "group": wire.text(each, "group", 100),
                "metadata": wire.truth(each, "metadata"),
            }
    return list(found.values())


def _definition(peer: Peer, code: str) -> list[dict[str, Any]]:
    """What one service asks; what their own systems fill in (`automated`) nobody is asked here."""
    path = f"services/{asking.segment(code)}"
    records = asking.get(peer, path, {}, ("datatype", "variable")) or []
    found = []
    for each in records[:MOST_ATTRIBUTES]:
        name = wire.text(each, "code", 80)
        is_asked = wire.truth(each, "variable") and not wire.text(each, "automated", 40)
        if not name or not is_asked or set(name) & set("[]"):
            continue
        kind = wire.text(each, "datatype", 30)
        found.append(
            {
                "code": name,
                "datatype": kind if kind in DATATYPES else "string",
                "required": wire.truth(each, "required"),
                "description": wire.text(each, "description", 300) or name,
                "values": _values(each.get("values")) if kind.endswith("valuelist") else [],
            }
        )
    return found


def _values(given: Any) -> list[list[str]]:
    """Keys and names of a list."""
    records = wire.chosen(given, ("key",))[:MOST_VALUES]
    pairs = ([wire.text(each, "key", 200), wire.text(each, "name", 200)] for each in records)
    return [[key, name or key] for key, name in pairs if key]
