"""Units that closed: finding what lies with them, and moving what was reviewed."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.service.owners import batch


def find_stuck() -> None:
    """Count open cases that lie with a unit that has closed, for the desk's navigation."""
    batch.note_stuck()


def move(batch_id: str) -> None:
    """Move what was ticked in a batch. A repeat goes on where it stopped."""
    batch.run(UUID(batch_id))
