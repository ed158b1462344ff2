"""What goes in and out of LAPOR: frozen values, never rows. Other plugins may import this room."""

from plugins.lapor.contracts.clock import ClockChip, Deadline, SkippedDay
from plugins.lapor.contracts.coach import AnswerView, Hint, Question, Reason, ReasonKind, Revision, Waiting
from plugins.lapor.contracts.incident import (
    DeedView,
    IncidentRow,
    IncidentView,
    Neighbour,
    Offer,
    TogetherView,
    TwinView,
    VoiceRow,
)
from plugins.lapor.contracts.lists import (
    CategoryGuess,
    CategoryView,
    Figures,
    Filters,
    InboxRow,
    Page,
    PublicRow,
)
from plugins.lapor.contracts.owner import (
    AgencyRef,
    Assignment,
    Order,
    Routing,
    Suggestion,
    UnitView,
)
from plugins.lapor.contracts.report import Contact, Done, Draft, Location, Receipt, Upload
from plugins.lapor.contracts.view import DeskView, PhotoView, PublicView, ReporterView, TimelineItem
from plugins.lapor.contracts.words import Box, Channel, Kind, Status, WaitingFor

__all__ = [
    "AgencyRef",
    "AnswerView",
    "Assignment",
    "Box",
    "CategoryGuess",
    "CategoryView",
    "Channel",
    "ClockChip",
    "Contact",
    "Deadline",
    "DeedView",
    "DeskView",
    "Done",
    "Draft",
    "Figures",
    "Filters",
    "Hint",
    "InboxRow",
    "IncidentRow",
    "IncidentView",
    "Kind",
    "Location",
    "Neighbour",
    "Offer",
    "Order",
    "Page",
    "PhotoView",
    "PublicRow",
    "PublicView",
    "Question",
    "Reason",
    "ReasonKind",
    "Receipt",
    "ReporterView",
    "Revision",
    "Routing",
    "SkippedDay",
    "Status",
    "Suggestion",
    "TimelineItem",
    "TogetherView",
    "TwinView",
    "UnitView",
    "Upload",
    "VoiceRow",
    "Waiting",
    "WaitingFor",
]
