"""The tables of LAPOR. Who reported is kept apart from what was reported."""

from plugins.lapor.models.case import Assignment, CaseEvent, Complaint, Counter, Idempotency, Reporter
from plugins.lapor.models.clock import DeadlineRow, Pause, TimeLimit
from plugins.lapor.models.photo import Photo
from plugins.lapor.models.reference import Category, RoutingRule

__all__ = [
    "Assignment",
    "CaseEvent",
    "Category",
    "Complaint",
    "Counter",
    "DeadlineRow",
    "Idempotency",
    "Pause",
    "Photo",
    "Reporter",
    "RoutingRule",
    "TimeLimit",
]
