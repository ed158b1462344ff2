"""What officers do with a case. Each takes the `version` they looked at; see `case.changing` for errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor import photos as pictures
from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Done, Upload, WaitingFor
from plugins.lapor.models import Assignment
from plugins.lapor.service import mention
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import UNKNOWN, Change, active_assignments, changing, done, locked
from plugins.lapor.service.coach import asking, reasons
from plugins.lapor.service.kept import steps
from plugins.lapor.service.line import write_line
from plugins.lapor.service.owners import onward, parts
from plugins.lapor.service.proof import back, papers, rules
from plugins.lapor.service.seen import may_read, may_step
from plugins.lapor.service.time import clocks
from plugins.lapor.service.validate import optional, require
from superapp.sdk import (
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    current_actor,
    current_tenant,
    new_id,
    now,
    session,
    work,
)


def hold(
    complaint_id: UUID,
    *,
    version: int | None = None,
    reason: str = "",
    until: date | None = None,
    waiting_for: WaitingFor = "institution",
    question: str = "",
    party: str = "",
    codes: Sequence[str] = (),
    reason_code: str = "",
) -> Done:
    """Stop the clocks: for an answer of the reporter (then `question` is asked) or another institution.

    `party` names the institution; the days that are lost carry it. `codes` are questions of the category
    that the reporter may answer by a tap; `reason_code` gives rule and remedy of the government's list.
    """
    listed = reasons.chosen("hold", reason_code) if reason_code else None
    reason = reason or (listed.title if listed else "")
    why = require("reason", reason, most=2000)
    awaited = optional("party", party, most=200) if waiting_for == "institution" else ""
    asked = require("question", question, most=2000) if waiting_for == "reporter" else ""
    if waiting_for not in ("reporter", "institution"):
        raise Invalid(errors=[FieldError("waiting_for", "Pilih pelapor atau instansi lain.", "choice")])
    if until is not None and until <= local_day(now(), ZoneInfo(current_tenant().timezone)):
        raise Invalid(errors=[FieldError("until", "Pilih tanggal setelah hari ini.", "range")])
    with changing(complaint_id, "hold", version=version) as change:
        case = change.case
        case.held_from = case.status
        case.waiting_for, case.question, case.hold_until = waiting_for, asked, until
        clocks.pause(change, waiting_for, why, awaited)
        if waiting_for == "reporter":
            asking.begin(change, asked, codes)
        mine = parts.of_agency(change.assignments, change.actor.agency_id)
        if mine is not None:
            parts.take(change, mine)
        change.text = asked or why
        change.data = {
            "waiting_for": waiting_for,
            "until": until.isoformat() if until else None,
            "reason": why,
            "party": awaited,
            **reasons.facts(listed, case),
        }
    return change.done


def resume(complaint_id: UUID, *, version: int | None = None, text: str = "") -> Done:
    """Let the clocks run again; the days in between do not count."""
    told = optional("text", text, most=2000)
    with changing(complaint_id, "resume", version=version) as change:
        change.text = told
        clocks.unpause(change)
    return change.done


def progress(
    complaint_id: UUID,
    *,
    version: int | None = None,
    part_version: int | None = None,
    agency_code: str | None = None,
    text: str,
    public: bool = True,
    photos: Sequence[Upload] = (),
) -> Done:
    """Tell what is being done, for all to see or for the desk alone; it speaks for one unit's part.

    The whole desk names the unit by `agency_code`, else it speaks for the one that leads. Raises Invalid.
    """
    told = require("text", text)
    pictures.inspect(photos)
    with changing(complaint_id, "progress", version=version) as change:
        change.text, change.public = told, public
        if parts.without_units(change):
            change.finish("follow_up", "verify")
        else:
            part = _part(change, agency_code, part_version)
            parts.begin(change, part)
            parts.take(change, part)
            part.version += 1
            change.parts, change.data = [part], {"agency": _unit(part)}
        pictures.keep(
            complaint_id,
            photos,
            stage="progress",
            public=public and not change.case.secret,
            event_id=change.event_id,
        )
    return change.done


def answer(
    complaint_id: UUID,
    *,
    version: int | None = None,
    part_version: int | None = None,
    agency_code: str | None = None,
    text: str,
    photos: Sequence[Upload] = (),
    documents: Sequence[Upload] = (),
    no_work: str = "",
    adopt_photos: bool = False,
) -> Done:
    """Say that one unit's part is done, with the proof that its category asks for, or why no work was needed.

    The case is answered once every unit has said so. A unit to which the part was handed onward tells
    the one above instead; `adopt_photos` shows the reporter what it sent along. The whole desk names
    the unit by `agency_code` when there are several. `no_work` is a code of `proof.rules.NO_WORK`.
    """
    told = require("text", text)
    pictures.inspect(photos)
    papers.inspect(documents)
    with steps.one_batch(), changing(complaint_id, "answer", version=version) as change:
        change.text = told
        if parts.without_units(change):
            rules.check(change.case, photos, documents, no_work)
            _whole(change, no_work)
        else:
            part = parts.part_of(change, agency_code, version=part_version)
            parts.take(change, part)
            if part.role == "delegate":
                onward.report_up(change, part)
            else:
                back.check_may_answer(change)
                adopted = _adopt(change, part) if adopt_photos else 0
                if not part.outside:
                    rules.check(change.case, photos, documents, no_work, adopted=adopted)
                _answered(change, part, no_work)
            part.version += 1
        shown = change.public and not change.case.secret
        pictures.keep(complaint_id, photos, stage="answer", public=shown, event_id=change.event_id)
        papers.keep(complaint_id, documents, event_id=change.event_id)
    return change.done


def _adopt(change: Change, part: Assignment) -> int:
    """Show the reporter what the units sent along that the part was handed onward to; how many it is."""
    told = [each.answer_id for each in parts.below(change.assignments, part) if each.answer_id]
    changes = pictures.adopt(told, event_id=change.event_id, public=not change.case.secret)
    if changes:
        steps.remember("rows", change.case, "answer", None, changes)
    return len(changes)


def _answered(change: Change, part: Assignment, no_work: str) -> None:
    parts.begin(change, part)
    part.state, part.answered_at, part.answer_id = "answered", change.moment, change.event_id
    part.heard_at = change.moment if part.outside else None
    parts.settle(change)
    units = parts.owning(change.assignments)
    count = sum(each.state == "answered" for each in units)
    change.parts = [part]
    change.data = {"agency": _unit(part), "answered": count, "units": len(units)}
    if no_work:
        change.data["no_work"] = no_work
    back.answered(change, part, no_work=bool(no_work))
    if change.to != "answered":
        change.kind = "part_answer"


def _whole(change: Change, no_work: str) -> None:
    """An answer of who investigates, where no unit has the case."""
    change.to = "answered"
    change.finish("follow_up", "verify", "resolve")
    clocks.start(change, "confirm")
    if no_work:
        change.data = {"no_work": no_work}
    change.case.priority, change.case.climbed = False, False


def _part(change: Change, agency_code: str | None, version: int | None) -> Assignment:
    """The part that progress is told of: one that the whole desk does not name is the leading one's."""
    own = parts.of_agency(change.assignments, change.actor.agency_id)
    first = parts.lead(change.assignments)
    if not agency_code and own is None and first is not None and parts.whole_desk(change.actor, change.case):
        parts.check_version(first, version)
        return first
    return parts.part_of(change, agency_code, version=version)


def _unit(part: Assignment) -> str:
    found = agency_ref(part.agency_id)
    return found.name if found else ""


def note(complaint_id: UUID, *, text: str) -> Done:
    """Write a note for the desk alone; the state stays."""
    told = require("text", text)
    return _remark(complaint_id, "note", told, "lapor.handle")


def end(change: Change, how: str) -> None:
    """Close a case: units are released, clocks stop, figures grow."""
    case = change.case
    on_time = all(row.due_at >= change.moment for row in change.running("resolve"))
    case.priority, case.climbed = False, False
    parts.end_all(change, "closed")
    change.finish("verify", "follow_up", "resolve", "confirm")
    case.closed_at, case.closed_how = change.moment, how
    clocks.count_closed(change, on_time=on_time)


def _remark(complaint_id: UUID, kind: str, text: str, permission: str) -> Done:
    actor = current_actor()
    with work():
        case = locked(complaint_id)
        assigned = [each.agency_id for each in active_assignments(complaint_id)]
        if not may_read(actor, case, assigned):
            raise NotFound(UNKNOWN)
        if not may_step(actor, case, permission):
            raise Forbidden()
        event_id = new_id()
        write_line(case, kind, actor=actor, text=text, event_id=event_id)
        session().flush()
        named = mention.record(case, event_id, text, actor, assigned)
        steps.remember("note", case, kind, event_id, named)
    return done(case)
