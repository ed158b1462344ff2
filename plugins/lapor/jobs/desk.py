"""What the desk keeps for a while: who is here, what may be undone, texts that nobody went on with."""

from __future__ import annotations

from sqlalchemy import delete

from plugins.lapor.models import UndoEntry
from plugins.lapor.service.deskwork import drafts, presence
from plugins.lapor.service.kept.steps import KEEP
from superapp.sdk import now, work


def forget_absent() -> None:
    """Forget who left without saying so."""
    presence.tidy()


def forget_old() -> None:
    """Forget what may be undone no more, and drafts of a month ago."""
    with work() as unit:
        unit.execute(delete(UndoEntry).where(UndoEntry.made_at < now() - KEEP))
    drafts.tidy()
