"""The words that a case is told in: kinds, channels, states, boxes."""

from __future__ import annotations

from typing import Literal

Kind = Literal["complaint", "aspiration", "information"]
Channel = str  # a code: LAPOR's own, or one that a plugin names in lapor_channels
Status = Literal[
    "received",
    "verified",
    "dispositioned",
    "returned",
    "in_progress",
    "on_hold",
    "answered",
    "closed",
    "archived",
    "forwarded",
]
Box = Literal["mine", "agency", "referral", "unverified", "priority", "overdue", "all"]
WaitingFor = Literal["reporter", "institution"]
