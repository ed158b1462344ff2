"""The reporter's side: confirm, reopen, reply, withdraw; and closing when no answer comes.

A `ticket` is what `track.enter` gave for the right PIN. Raises NotFound for one that is not good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor import photos as pictures
from plugins.lapor.contracts import Done, PhotoView, Upload
from plugins.lapor.service.case import REPORTER, Change, changing
from plugins.lapor.service.coach import answers
from plugins.lapor.service.handle import end
from plugins.lapor.service.proof import audits, back, findings
from plugins.lapor.service.time import clocks
from plugins.lapor.service.track import opened_by
from plugins.lapor.service.validate import optional, require
from plugins.lapor.states import OPEN
from superapp.sdk import SYSTEM, Conflict, FieldError, Invalid, work


def confirm(
    ticket: str,
    *,
    solved: bool,
    rating: int | None = None,
    text: str = "",
    agency_code: str | None = None,
) -> Done:
    """The reporter says whether it is solved, and rates 1 to 5.

    "Not solved" hands it back to the units: to all of them, or to the one that the reporter names.
    """
    told = optional("text", text, most=2000) if solved else require("text", text, most=2000)
    if rating is not None and rating not in range(1, 6):
        raise Invalid(errors=[FieldError("rating", "Beri nilai 1 sampai 5.", "range")])
    complaint_id = opened_by(ticket).id
    with changing(complaint_id, "solved" if solved else "unsolved", actor=REPORTER) as change:
        change.text, change.data = told, {"rating": rating}
        change.case.rating = rating
        if solved:
            end_answered(change, "confirmed")
        else:
            back.to_unit(change, agency_code)
            back.refused_by_reporter(change)
    return change.done


def reopen(ticket: str, *, reason: str) -> Done:
    """Ask for a closed or archived case to be taken up again; a right, with a new time limit."""
    why = require("reason", reason, most=2000)
    complaint_id = opened_by(ticket).id
    with changing(complaint_id, "reopen", actor=REPORTER) as change:
        change.text = why
        if change.arrow.to == "received":
            case = change.case
            case.closed_at, case.closed_how, case.rating, case.agency_id = None, "", None, None
            change.finish("verify", "follow_up", "resolve", "confirm")
            clocks.start(change, "resolve", "verify")
        else:
            back.give_again(change)
            back.refused_by_reporter(change)
    return change.done


def reply(
    ticket: str,
    *,
    text: str = "",
    photos: Sequence[Upload] = (),
    given: Mapping[str, object] | None = None,
    answer_files: answers.Files = answers.NO_FILES,
    strict: bool = False,
) -> Done:
    """Add words or answers to the category's questions; when the desk waits for them, the clocks run on."""
    case = opened_by(ticket)
    found = answers.judged(case.category_code, given or {}, answer_files, strict=strict)
    told = optional("text", text) if found else require("text", text)
    pictures.inspect(photos)
    with changing(case.id, "reply", actor=REPORTER) as change:
        answers.keep(case.id, found, secret=change.case.secret, by="reporter", event_id=change.event_id)
        change.text = answers.with_text(found, told)
        change.public = bool(answers.in_public(found))  # its text stays between reporter and desk
        if change.public:
            change.data["answers"] = answers.public_of_case(case.id)
        change.data["for_reporter"] = True
        if change.arrow.to == "HELD":
            clocks.unpause(change)
        elif change.case.status == "answered":
            change.finish("confirm")
            clocks.start(change, "confirm")
        pictures.keep(case.id, photos, stage="report", public=False, event_id=change.event_id)
    return change.done


def withdraw(ticket: str, *, reason: str = "") -> Done:
    """Take the report back; it is archived."""
    why = optional("reason", reason, most=2000)
    complaint_id = opened_by(ticket).id
    with changing(complaint_id, "withdraw", actor=REPORTER) as change:
        clocks.unpause(change)
        end(change, "withdrawn")
        change.text, change.data = why, {"reason": "Ditarik pelapor"}
    return change.done


def add_photos(ticket: str, photos: Sequence[Upload]) -> tuple[PhotoView, ...]:
    """Add pictures to an open report. Raises Conflict when it is closed, Invalid for a bad picture."""
    pictures.inspect(photos)
    if not photos:
        raise Invalid(errors=[FieldError("photos", "Pilih setidaknya satu foto.", "required")])
    with work():
        case = opened_by(ticket)
        if case.status not in OPEN:
            raise Conflict("Laporan ini sudah ditutup.", "Buka kembali laporannya untuk menambah foto.")
        kept = pictures.keep(case.id, photos, stage="report", public=not case.secret)
        return tuple(pictures.view(each) for each in kept)


def autoclose(complaint_id: UUID) -> Done:
    """Close an answered case whose reporter stayed silent.

    Raises Conflict before its time, and while a serious finding about its proof is open.
    """
    with changing(complaint_id, "autoclose", actor=SYSTEM) as change:
        if findings.blocks(complaint_id):
            raise Conflict(
                _("Bukti laporan ini masih diragukan."), _("Koordinator memutuskan temuannya dahulu.")
            )
        if change.moment <= change.case.due_at or change.case.due_step != "confirm":
            raise Conflict("Pelapor masih punya waktu untuk menjawab.")
        end_answered(change, "automatic")
    return change.done


def end_answered(change: Change, how: str) -> None:
    """Close an answered case; it was in time when its answer was."""
    on_time = clocks.resolved_in_time(change.case.id)
    end(change, how)
    change.figures = {}
    clocks.count_closed(change, on_time=on_time)
    case = change.case
    doubted = findings.ever(case.id) if how == "automatic" else findings.blocks(case.id)
    audits.draw(change, how, doubted=doubted)
