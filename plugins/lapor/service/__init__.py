"""The services of LAPOR: what reporters, officers and jobs do. No request in, no row out.

Each opens its own unit of work; an outer `work()` joins several into one commit.
"""

from plugins.lapor.service.agencies import agency_choices
from plugins.lapor.service.close import add_photos, autoclose, confirm, reopen, reply, withdraw
from plugins.lapor.service.coach.rows import questions_of, reasons_of
from plugins.lapor.service.coaching.correct import correct
from plugins.lapor.service.coaching.wait import ask, give_up, remind
from plugins.lapor.service.desk import desk_view
from plugins.lapor.service.handle import answer, hold, note, progress, resume
from plugins.lapor.service.owners.onward import pass_on
from plugins.lapor.service.owners.outside import hear
from plugins.lapor.service.pictures import open_photo
from plugins.lapor.service.proof.audits import false_closing
from plugins.lapor.service.proof.findings import reject_proof
from plugins.lapor.service.recall import recall
from plugins.lapor.service.submit import submit
from plugins.lapor.service.track import (
    claim,
    claim_info,
    correct_contact,
    enter,
    exchange,
    public_view,
    reporter_view,
)
from plugins.lapor.service.triage import archive, dispose, forward, give_back, verify
from plugins.lapor.service.vault.opening import reveal

__all__ = [
    "add_photos",
    "agency_choices",
    "answer",
    "archive",
    "ask",
    "autoclose",
    "claim",
    "claim_info",
    "confirm",
    "correct",
    "correct_contact",
    "desk_view",
    "dispose",
    "enter",
    "exchange",
    "false_closing",
    "forward",
    "give_back",
    "give_up",
    "hear",
    "hold",
    "note",
    "open_photo",
    "pass_on",
    "progress",
    "public_view",
    "questions_of",
    "reasons_of",
    "recall",
    "reject_proof",
    "remind",
    "reopen",
    "reply",
    "reporter_view",
    "resume",
    "reveal",
    "submit",
    "verify",
    "withdraw",
]
