"""Steps of handling as data: each with its permission, what it takes, and the service that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from plugins.lapor import service
from plugins.lapor.api import incidents
from plugins.lapor.api.owners import DisposeIn, HearIn, PartStep, PassOnIn
from plugins.lapor.api.schemas import KINDS, Day, File, Flag, Strict, Whole, string
from plugins.lapor.contracts import Done
from plugins.lapor.service.incident import join as joining
from plugins.lapor.service.proof.rules import NO_WORK


class Versioned(Strict):
    """`version` is that of the case when it was read; another one now is answered with 409."""

    version = Whole(required=True, validate=validate.Range(min=1, max=2_000_000_000))


class VerifyIn(Versioned):
    """Sets kind, category or area right while saying that it was read."""

    category = string(60)
    kind = fields.String(validate=validate.OneOf(KINDS))
    area = string(20)
    note = string(2000)


class GiveBackIn(PartStep):
    """Names the owner by code, or in words."""

    owner_agency_code = string(40)
    owner_name = string(200)
    reason = string(2000)
    reason_code = string(40, metadata={"description": "Of the government's own list; gives rule and remedy"})


class HoldIn(Versioned):
    """Stops the clocks; a question goes to the reporter."""

    reason = string(2000)
    reason_code = string(40)
    until = Day()
    waiting_for = fields.String(validate=validate.OneOf(["reporter", "institution"]))
    question = string(2000)
    codes = fields.List(string(40, 1), validate=validate.Length(max=20))


class ResumeIn(Versioned):
    """Lets the clocks run again."""

    text = string(2000)


class ProgressIn(PartStep):
    """For all to see, or for the desk alone."""

    text = string(10_000, 1, required=True)
    public = Flag()


class AnswerIn(PartStep):
    """Says that it is done, with the proof that its category asks for or why there was no work.

    Photos and documents (PDF) are base64.
    """

    text = string(10_000, 1, required=True)
    photos = fields.List(File(), validate=validate.Length(max=5))
    documents = fields.List(File(), validate=validate.Length(max=3))
    no_work = fields.String(validate=validate.OneOf(list(NO_WORK)))


class ArchiveIn(Versioned):
    """Never silent: a reason of the list; rule and remedy are the reason's own unless given."""

    reason_code = string(40, 1, required=True)
    rule = string(500)
    remedy = string(2000)


class ForwardIn(Versioned):
    """To an outside owner."""

    agency_code = string(40, 1, required=True)
    text = string(2000)
    external_id = string(100)
    apart = string(500, metadata={"description": "As for dispose"})


class NoteIn(Strict):
    """For the desk alone."""

    text = string(10_000, 1, required=True)


class ConfirmIn(Strict):
    """The reporter's last word; `text` says what is missing when it is not solved."""

    solved = Flag(required=True)
    rating = Whole(allow_none=True, validate=validate.Range(1, 5))
    text = string(2000)


class ReasonIn(Strict):
    """Why."""

    reason = string(2000, 1, required=True)


class MaybeReasonIn(Strict):
    """Why, if one wants to say."""

    reason = string(2000)


class ReplyIn(Strict):
    """Something to add, or the answer to a question."""

    text = string(10_000, 1, required=True)


@dataclass(frozen=True, slots=True)
class Step:
    """One action of an officer: `do(complaint_id, **fields)`."""

    name: str
    permission: str
    schema: type[Strict]
    do: Callable[..., Done]


@dataclass(frozen=True, slots=True)
class OwnStep:
    """One action of the reporter: `do(ticket, **fields)`."""

    name: str
    schema: type[Strict]
    do: Callable[..., Done]


OFFICER: tuple[Step, ...] = (
    Step("verify", "lapor.verify", VerifyIn, service.verify),
    Step("dispose", "lapor.dispose", DisposeIn, service.dispose),
    Step("give-back", "lapor.handle", GiveBackIn, service.give_back),
    Step("hold", "lapor.handle", HoldIn, service.hold),
    Step("resume", "lapor.handle", ResumeIn, service.resume),
    Step("progress", "lapor.handle", ProgressIn, service.progress),
    Step("answer", "lapor.handle", AnswerIn, service.answer),
    Step("archive", "lapor.archive", ArchiveIn, service.archive),
    Step("forward", "lapor.forward", ForwardIn, service.forward),
    Step("pass-on", "lapor.handle", PassOnIn, service.pass_on),
    Step("hear", "lapor.forward", HearIn, service.hear),
    Step("note", "lapor.handle", NoteIn, service.note),
    Step("gather", "lapor.gather", incidents.GatherIn, incidents.gather),
    Step("split", "lapor.gather", incidents.SplitIn, incidents.split),
)
REPORTER: tuple[OwnStep, ...] = (
    OwnStep("confirm", ConfirmIn, service.confirm),
    OwnStep("reopen", ReasonIn, service.reopen),
    OwnStep("reply", ReplyIn, service.reply),
    OwnStep("withdraw", MaybeReasonIn, service.withdraw),
    OwnStep("leave", incidents.LeaveIn, joining.leave),
)


def act(step: Step, complaint_id: UUID, values: dict[str, Any]) -> Done:
    """Do an officer's step."""
    return step.do(complaint_id, **values)
