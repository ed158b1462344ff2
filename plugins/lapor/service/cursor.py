"""Where a part of a list ended: a moment and an id in one word, good for the next page."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from superapp.sdk import BadRequest


def encode(moment: datetime, last: UUID) -> str:
    """The cursor of the part that follows the row of this moment and id."""
    stamp = moment.astimezone(UTC).isoformat()
    return base64.urlsafe_b64encode(f"{stamp}|{last.hex}".encode()).decode().rstrip("=")


def decode(cursor: str) -> tuple[datetime, UUID]:
    """The moment and id that a cursor stands for. Raises BadRequest for one that is none."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        stamp, last = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii").split("|")
        moment = datetime.fromisoformat(stamp)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment, UUID(hex=last)
    except (ValueError, binascii.Error, UnicodeError) as error:
        raise BadRequest("Penanda halaman ini tidak dikenal.", "Mulai dari halaman pertama.") from error
