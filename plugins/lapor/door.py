"""What stands behind `plugins.lapor.contracts.door.DOOR`: the services themselves, under its names."""

from plugins.lapor.queries import categories, id_of
from plugins.lapor.service import (
    answer,
    claim,
    claim_info,
    confirm,
    enter,
    progress,
    public_view,
    questions_of,
    reply,
    reporter_view,
    submit,
)
from plugins.lapor.service.window import public_cases, public_updates

__all__ = [
    "answer",
    "categories",
    "claim",
    "claim_info",
    "confirm",
    "enter",
    "id_of",
    "progress",
    "public_cases",
    "public_updates",
    "public_view",
    "questions_of",
    "reply",
    "reporter_view",
    "submit",
]
