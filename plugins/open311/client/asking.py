"""One question to another server, and what its answer means for who asked. Jobs only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from flask_babel import gettext as _

from plugins.lapor.contracts.outside import Busy, Refused, Unsure
from plugins.open311.client import wire
from plugins.open311.client.servers import Peer
from superapp.sdk import log, outbound

LATER: Final = frozenset({429, 503})
SECONDS = 15.0
NOT_THERE: Final = frozenset({400, 404, 405, 501})  # asked for what this server does not have or know
LONGEST_WAIT: Final = 86_400
AGENT: Final = {"User-Agent": "superapp-open311/1"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def post(peer: Peer, path: str, form: list[tuple[str, str]], key: str, marks: Collection[str]) -> wire.Record:
    """Send a form; the first record that answers it.

    `key` is the same at every try; servers that know Idempotency-Key make no second one. Raises Busy,
    Refused, Unsure.
    """
    told = [*form, *_usual(peer, with_key=True)]
    headers = {**AGENT, **FORM, "Idempotency-Key": key}
    try:
        reply = outbound.send(
            "POST", _url(peer, path), headers=headers, content=urlencode(told).encode(), seconds=SECONDS
        )
    except outbound.NotSent as error:
        raise Busy(_("Server di sana tidak tercapai: %(why)s.", why=str(error))) from error
    except outbound.Uncertain as error:
        raise Unsure(_("Jawabannya tidak sampai: %(why)s.", why=str(error))) from error
    _judge(reply)
    try:
        found = wire.records(reply.body, marks)
    except wire.Unreadable:
        found = []
    if not found:
        raise Unsure(_("Jawabannya (%(status)s) tidak dapat dibaca.", status=reply.status))
    return found[0]


def get(
    peer: Peer, path: str, query: Mapping[str, str], marks: Collection[str], *, most: int = 2_000_000
) -> list[wire.Record] | None:
    """Records of a list or of one; None when this server has no such thing. Raises Busy."""
    told = urlencode([*query.items(), *_usual(peer, with_key=False)])
    url = f"{_url(peer, path)}?{told}" if told else _url(peer, path)
    try:
        reply = outbound.send("GET", url, headers=AGENT, seconds=SECONDS, most=most)
    except (outbound.NotSent, outbound.Uncertain) as error:
        raise Busy(_("Server di sana tidak tercapai: %(why)s.", why=str(error))) from error
    if reply.status in NOT_THERE:
        return None
    if reply.status != 200:
        raise Busy(_said(reply), _after(reply))
    try:
        return wire.records(reply.body, marks)
    except wire.Unreadable as error:
        raise Busy(_("Jawabannya (%(status)s) tidak dapat dibaca.", status=reply.status)) from error


def segment(value: str) -> str:
    """A value as one part of a path."""
    return quote(value, safe="")


def _judge(reply: outbound.Reply) -> None:
    """Pass what was taken. Raises Busy, Refused, Unsure by the status."""
    if 200 <= reply.status < 300:
        return
    if reply.status in LATER:
        raise Busy(_said(reply), _after(reply))
    if 300 <= reply.status < 400:
        raise Refused(_("Alamat servernya pindah (%(status)s). Perbarui alamatnya.", status=reply.status))
    if 400 <= reply.status < 500:
        raise Refused(_said(reply))
    raise Unsure(_said(reply))


def _said(reply: outbound.Reply) -> str:
    """What they said about it, in their words and bounded."""
    try:
        lines = [
            wire.text(each, "description", 200) for each in wire.records(reply.body, {"description"})[:3]
        ]
    except wire.Unreadable:
        lines = []
    words = "; ".join(filter(None, lines))
    log.get(__name__).info("open311_answered", status=reply.status)
    if words:
        return str(_("Server di sana menjawab %(status)s: %(words)s", status=reply.status, words=words))
    return str(_("Server di sana menjawab %(status)s.", status=reply.status))


def _after(reply: outbound.Reply) -> int | None:
    given = reply.headers.get("retry-after", "").strip()
    return min(int(given), LONGEST_WAIT) if given.isascii() and given.isdigit() and len(given) < 9 else None


def _usual(peer: Peer, *, with_key: bool) -> list[tuple[str, str]]:
    found = [("jurisdiction_id", peer.jurisdiction)] if peer.jurisdiction else []
    return [*found, ("api_key", peer.api_key)] if with_key and peer.api_key else found


def _url(peer: Peer, path: str) -> str:
    return f"{peer.endpoint}/{path}.{peer.spelling}"
