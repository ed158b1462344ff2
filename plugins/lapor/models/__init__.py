"""The tables of LAPOR. Who reported is kept apart from what was reported."""

from plugins.lapor.models.case import Assignment, CaseEvent, Complaint, Counter, Idempotency, Reporter
from plugins.lapor.models.clock import (
    CalendarVersion,
    DeadlineRow,
    LadderRung,
    Pause,
    Recount,
    RungSent,
    ShiftRow,
    TimeLimit,
)
from plugins.lapor.models.coach import AnswerRow, AskedRow, HintRow, QuestionRow, ReasonRow, RevisionRow
from plugins.lapor.models.desk import (
    CheckItem,
    CheckTick,
    FirstView,
    Link,
    Macro,
    Mention,
    Presence,
    SavedView,
    Template,
    TextDraft,
    UndoEntry,
)
from plugins.lapor.models.incident import Incident, IncidentDeed, Likeness, Twin
from plugins.lapor.models.outside import ArrivalRow, DestinationRow, Difference, OutsideRef, ParcelRow
from plugins.lapor.models.owner import MoveBatch, MoveItem, Reorganisation
from plugins.lapor.models.photo import Photo
from plugins.lapor.models.proof import Audit, Document, Fingerprint, ProofFinding, Redaction
from plugins.lapor.models.reference import Category, RoutingRule
from plugins.lapor.models.routing import RoutingDecision, RoutingModel, RoutingReport
from plugins.lapor.models.vault import VaultAccess, VaultContact, VaultKey, VaultPerson, VaultRequest

__all__ = [
    "AnswerRow",
    "ArrivalRow",
    "AskedRow",
    "Assignment",
    "Audit",
    "CalendarVersion",
    "CaseEvent",
    "Category",
    "CheckItem",
    "CheckTick",
    "Complaint",
    "Counter",
    "DeadlineRow",
    "DestinationRow",
    "Difference",
    "Document",
    "Fingerprint",
    "FirstView",
    "HintRow",
    "Idempotency",
    "Incident",
    "IncidentDeed",
    "LadderRung",
    "Likeness",
    "Link",
    "Macro",
    "Mention",
    "MoveBatch",
    "MoveItem",
    "OutsideRef",
    "ParcelRow",
    "Pause",
    "Photo",
    "Presence",
    "ProofFinding",
    "QuestionRow",
    "ReasonRow",
    "Recount",
    "Redaction",
    "Reorganisation",
    "Reporter",
    "RevisionRow",
    "RoutingDecision",
    "RoutingModel",
    "RoutingReport",
    "RoutingRule",
    "RungSent",
    "SavedView",
    "ShiftRow",
    "Template",
    "TextDraft",
    "TimeLimit",
    "Twin",
    "UndoEntry",
    "VaultAccess",
    "VaultContact",
    "VaultKey",
    "VaultPerson",
    "VaultRequest",
]
