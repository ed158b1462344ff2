"""News of a report go back by the channel that it came by."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.contracts.talk import TALK, Notice
from plugins.percakapan import book
from superapp.sdk import BrokenSeal, Event, Message, log, notify, unseal, use, work

KNOWN_BY_RECEIPT = "lapor.submitted"


def tell(event: Event) -> None:
    """Hand the news to the channel. Runs in the worker, once for each event."""
    complaint_id = getattr(event, "complaint_id", "")
    if not complaint_id or event.type == KNOWN_BY_RECEIPT:
        return
    with work():
        row = book.follower(UUID(complaint_id))
        if row is None:
            return
        book.note_state(row, getattr(event, "status", ""))
        notice = use(TALK).notice(event)
        if notice is None:
            return
        try:
            to = unseal(row.address)
        except BrokenSeal:
            log.get(__name__).warning("percakapan_address_lost", number=row.number)
            return
        choices = _choices(notice)
        talk = book.found(row.channel, to)
        if talk is not None:
            book.offer(talk, choices)
        key = f"percakapan:{getattr(event, 'event_id', '') or complaint_id}:{event.type}"
        notify(
            Message(
                row.channel,
                to,
                f"Laporan {notice.number}",
                _text(notice),
                key=key,
                kind=notice.kind,
                values=dict(notice.values),
                choices=choices,
            )
        )


def _text(notice: Notice) -> str:
    if notice.asks == "answer":
        return f"{notice.text}\nBalas pesan ini untuk menjawab."
    return f"{notice.text}\n{notice.values.get('link', '')}".strip()


def _choices(notice: Notice) -> tuple[tuple[str, str], ...]:
    if notice.asks != "confirm":
        return ()
    return ((f"solved:{notice.number}", "Sudah selesai"), (f"unsolved:{notice.number}", "Belum selesai"))
