"""What LAPOR tells the other plugins after commit: ids and words of state, no personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from superapp.sdk import Event


@dataclass(frozen=True)
class CaseChanged(Event):
    """A complaint moved; `event_id` is the line of its timeline that tells about it."""

    complaint_id: str
    number: str
    status: str
    event_id: str = ""


@dataclass(frozen=True)
class Submitted(CaseChanged):
    """It was received and has a number."""

    type: ClassVar[str] = "lapor.submitted"


@dataclass(frozen=True)
class Verified(CaseChanged):
    """The desk has read it."""

    type: ClassVar[str] = "lapor.verified"


@dataclass(frozen=True)
class Disposed(CaseChanged):
    """A unit has to handle it."""

    type: ClassVar[str] = "lapor.disposed"


@dataclass(frozen=True)
class Recalled(CaseChanged):
    """The coordinator took back what the system had sent on."""

    type: ClassVar[str] = "lapor.recalled"


@dataclass(frozen=True)
class GivenBack(CaseChanged):
    """A unit said that it is not the owner."""

    type: ClassVar[str] = "lapor.given_back"


@dataclass(frozen=True)
class Held(CaseChanged):
    """The clocks stand still."""

    type: ClassVar[str] = "lapor.held"


@dataclass(frozen=True)
class Progressed(CaseChanged):
    """The unit reported progress for all to see, or the clocks run again."""

    type: ClassVar[str] = "lapor.progressed"


@dataclass(frozen=True)
class Answered(CaseChanged):
    """The unit says it is done; the reporter decides."""

    type: ClassVar[str] = "lapor.answered"


@dataclass(frozen=True)
class PartAnswered(CaseChanged):
    """One of several units has answered its part; the others have not yet."""

    type: ClassVar[str] = "lapor.part_answered"


@dataclass(frozen=True)
class PassedOn(CaseChanged):
    """A unit handed its part onward to one below it, or got it back from there."""

    type: ClassVar[str] = "lapor.passed_on"


@dataclass(frozen=True)
class HeardOutside(CaseChanged):
    """An outside owner was heard of."""

    type: ClassVar[str] = "lapor.heard_outside"


@dataclass(frozen=True)
class Moved(CaseChanged):
    """A unit's part went to the one that took it over in a reorganisation."""

    type: ClassVar[str] = "lapor.moved"


@dataclass(frozen=True)
class Replied(CaseChanged):
    """The reporter added something."""

    type: ClassVar[str] = "lapor.replied"


@dataclass(frozen=True)
class Corrected(CaseChanged):
    """The reporter set right what was written, before an officer had read it."""

    type: ClassVar[str] = "lapor.corrected"


@dataclass(frozen=True)
class Reminded(CaseChanged):
    """The reporter was asked once more for the answer that the clocks wait for."""

    type: ClassVar[str] = "lapor.reminded"


@dataclass(frozen=True)
class Closed(CaseChanged):
    """The reporter confirmed, or the time to do so ran out."""

    type: ClassVar[str] = "lapor.closed"


@dataclass(frozen=True)
class Reopened(CaseChanged):
    """The reporter says that it is not solved."""

    type: ClassVar[str] = "lapor.reopened"


@dataclass(frozen=True)
class ProofRejected(CaseChanged):
    """The coordinator refused the proof of an answer; the unit has the case again."""

    type: ClassVar[str] = "lapor.proof_rejected"


@dataclass(frozen=True)
class FalseClosing(CaseChanged):
    """An auditor found that a closed case was not solved; the unit has it again."""

    type: ClassVar[str] = "lapor.false_closing"


@dataclass(frozen=True)
class Archived(CaseChanged):
    """Ended without an answer, with a reason, a rule and a remedy."""

    type: ClassVar[str] = "lapor.archived"


@dataclass(frozen=True)
class Forwarded(CaseChanged):
    """An outside owner has it."""

    type: ClassVar[str] = "lapor.forwarded"


@dataclass(frozen=True)
class Undone(CaseChanged):
    """An officer took a step back; `event_id` is the line that says so, its data names the steps."""

    type: ClassVar[str] = "lapor.undone"


@dataclass(frozen=True)
class Mentioned(CaseChanged):
    """A note names units or roles; `event_id` is the note."""

    type: ClassVar[str] = "lapor.mentioned"


@dataclass(frozen=True)
class ClockMoved(CaseChanged):
    """The promised day became another one, because the calendar or a limit changed."""

    type: ClassVar[str] = "lapor.clock_moved"


@dataclass(frozen=True)
class Warned(CaseChanged):
    """Somebody was told that a time limit is near."""

    type: ClassVar[str] = "lapor.warned"


@dataclass(frozen=True)
class Escalated(CaseChanged):
    """Somebody higher was told that a time limit is over."""

    type: ClassVar[str] = "lapor.escalated"


EVENTS: list[type[Event]] = [
    Submitted,
    Verified,
    Disposed,
    Recalled,
    GivenBack,
    Held,
    Progressed,
    Answered,
    PartAnswered,
    PassedOn,
    HeardOutside,
    Moved,
    Replied,
    Corrected,
    Reminded,
    Closed,
    Reopened,
    ProofRejected,
    FalseClosing,
    Archived,
    Forwarded,
    Undone,
    Mentioned,
    ClockMoved,
    Warned,
    Escalated,
]

AFTER: dict[str, type[CaseChanged]] = {
    "verify": Verified,
    "dispose": Disposed,
    "recall": Recalled,
    "give_back": GivenBack,
    "hold": Held,
    "resume": Progressed,
    "progress": Progressed,
    "answer": Answered,
    "reply": Replied,
    "correct": Corrected,
    "solved": Closed,
    "autoclose": Closed,
    "unsolved": Reopened,
    "reopen": Reopened,
    "reject_proof": ProofRejected,
    "false_closing": FalseClosing,
    "archive": Archived,
    "withdraw": Archived,
    "forward": Forwarded,
    "pass_on": PassedOn,
    "hear": HeardOutside,
    "move": Moved,
}
# Steps whose line of the timeline is of another type than the action that led to it.
AFTER_KIND: dict[str, type[CaseChanged]] = {
    "part_answer": PartAnswered,
    "report_up": PassedOn,
    "hand_up": PassedOn,
    "heard_answer": Answered,
}
