"""What officers' steps changed, kept for a while: to be taken back, and to show who comes later what changed.

Nothing here changes a case; `deskwork.undo` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from plugins.lapor.contracts.desk import Offer
from plugins.lapor.models import Complaint, UndoEntry
from plugins.lapor.service.kept import images
from superapp.sdk import Actor, current_actor, new_id, now, session

WINDOW: Final = timedelta(seconds=60)
KEEP: Final = timedelta(hours=24)  # what changed is also shown to a colleague who sends an old form
_batch: ContextVar[UUID | None] = ContextVar("lapor_undo_batch", default=None)


@contextmanager
def one_batch() -> Iterator[UUID]:
    """What is done inside is undone together: a macro, a bulk action, an answer to a whole incident."""
    outer = _batch.get()
    if outer is not None:
        yield outer
        return
    mark = _batch.set(new_id())
    try:
        yield _batch.get() or new_id()
    finally:
        _batch.reset(mark)


def before(actor: Actor, complaint_id: UUID) -> images.Image | None:
    """The case as it stands before an officer's step; None for all others, whose steps are not kept."""
    return images.picture(complaint_id) if actor.kind == "officer" and actor.id else None


def after(
    image: images.Image | None,
    case: Complaint,
    action: str,
    event_id: UUID,
    figures: Mapping[str, int],
) -> None:
    """Keep what the step changed since `image`; belongs at the end of its unit of work."""
    if image is None:
        return
    changes = images.differences(image, images.picture(case.id))
    _keep("case", case.id, action, event_id, case.version, changes, figures)


def remember(
    kind: str, case: Complaint, action: str, event_id: UUID | None, changes: Sequence[images.Change] = ()
) -> None:
    """Keep a deed that leaves the case's own rows alone: a `note`, or `rows` of other tables."""
    _keep(kind, case.id, action, event_id, case.version, changes, {})


def cannot(case: Complaint, action: str, event_id: UUID | None, reason: str) -> None:
    """Keep that a deed was done for good, and why, so that the page can say so."""
    _keep("fixed", case.id, action, event_id, case.version, (), {}, reason)


def offer(complaint_id: UUID) -> Offer | None:
    """The actor's last step on this case that may still be taken back, or that says why it may not."""
    actor = current_actor()
    if actor.id is None:
        return None
    query = select(UndoEntry).where(
        UndoEntry.complaint_id == complaint_id,
        UndoEntry.officer_id == actor.id,
        UndoEntry.made_at > now() - WINDOW,
    )
    latest = session().scalars(query.order_by(UndoEntry.id.desc()).limit(1)).one_or_none()
    if latest is None or latest.undone_at is not None:
        return None
    seconds = int((latest.made_at + WINDOW - now()).total_seconds())
    return Offer(latest.batch_id, latest.action, max(1, seconds), latest.reason)


def _keep(
    kind: str,
    complaint_id: UUID,
    action: str,
    event_id: UUID | None,
    version: int,
    changes: Sequence[images.Change],
    figures: Mapping[str, int],
    reason: str = "",
) -> None:
    actor = current_actor()
    if actor.kind != "officer" or actor.id is None:
        return
    made: datetime = now()
    entry_id = new_id()
    values: dict[str, Any] = {"changes": list(changes), "figures": dict(figures), "reason": reason}
    session().add(
        UndoEntry(
            id=entry_id,
            batch_id=_batch.get() or entry_id,
            complaint_id=complaint_id,
            officer_id=actor.id,
            kind=kind,
            action=action,
            event_id=event_id,
            version=version,
            made_at=made,
            **values,
        )
    )
    session().flush()
