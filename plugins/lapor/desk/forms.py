"""What the forms of a case do. A refused step shows the page again with what was typed, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries, service
from plugins.lapor.citizen.form import uploads as chosen_photos
from plugins.lapor.contracts import Done, Kind, Order
from plugins.lapor.desk import coach, owners, texts
from plugins.lapor.desk.case import draw, wanted_version
from plugins.lapor.desk.inbox import asked, asked_box
from plugins.lapor.desk.rows import short_number
from plugins.lapor.desk.undo import tell
from plugins.lapor.service.deskwork import drafts, presence
from plugins.lapor.service.deskwork.since import since
from superapp.sdk import (
    AppError,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    current_actor,
    permit,
    uploads,
    work,
)

View = Callable[[str], Response]
Run = Callable[[UUID, int], Done]
OTHER = ""  # the last radio row: a unit that nobody suggested
HANDLE = "lapor.handle"
INVESTIGATES = ("lapor.whistle", "lapor.whistle.leader")
LISTS = frozenset({"ask-code", "ask-ready"})


def _step(number: str, action: str, run: Run, said: str, *, onward: bool = False) -> Response:
    """Do one step and go back to the case, or on to the next one of the list when `onward`."""
    complaint_id = queries.id_of(number)
    following = _following(complaint_id) if onward else ""
    try:
        with work():
            presence.guard(complaint_id, action)
            run(complaint_id, wanted_version())
            drafts.forget(complaint_id, action)
    except (Invalid, Conflict, Forbidden) as error:
        return _refused(complaint_id, action, error)
    presence.leave(complaint_id)
    tell(complaint_id, f"{short_number(number)}: {said}")
    return redirect(following or _still_open(number), 303)


def _refused(complaint_id: UUID, action: str, error: AppError) -> Response:
    """The page again: what was typed stays in its form and as a draft, beside what changed meanwhile."""
    said = typed(action)
    texts.rescue(complaint_id, said)
    changed = since(complaint_id, wanted_version()) if error.status == 409 and _has_version() else None
    page = draw(complaint_id, error=error, action=action, typed=said, changed=changed)
    return make_response(page, error.status)


def _has_version() -> bool:
    try:
        return wanted_version() > 0
    except Invalid:
        return False


def _following(complaint_id: UUID) -> str:
    """The next case of the list that the officer works through; "" without a list."""
    if "box" not in request.args:
        return ""
    _before, after = queries.neighbours(complaint_id, asked_box(current_actor()))
    kept: dict[str, Any] = {"box": asked_box(current_actor()), **asked()}
    return url_for(".case", number=after, **kept) if after else url_for(".inbox", **kept)


def _still_open(number: str) -> str:
    """The case, or the list when the step took it out of the actor's sight."""
    kept: dict[str, Any] = {"box": request.args["box"]} if "box" in request.args else {}
    kept |= asked()
    try:
        queries.id_of(number)
    except NotFound:
        return url_for(".inbox", **kept)
    return url_for(".case", number=number, **kept)


def typed(action: str) -> dict[str, str | list[str]]:
    """The texts of an action's form, to be shown again; fields are named "<action>-<field>"."""
    form = request.form
    names = [name for name in form if name.startswith(f"{action}-")]
    return {name: form.getlist(name) if name in LISTS else form[name] for name in names}


def _text(name: str) -> str:
    return request.form.get(name, "")


def _day(name: str, field: str = "until") -> date | None:
    text = _text(name).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(errors=[FieldError(field, _("Tulis tanggal seperti 2026-03-27."), "format")]) from None


@permit("lapor.verify")
def verify(number: str) -> Response:
    """Read and set right, without handing it to a unit yet."""

    def run(complaint_id: UUID, version: int) -> Done:
        kind: Kind | None = _text("verify-kind") or None  # type: ignore[assignment]
        return service.verify(
            complaint_id,
            version=version,
            category=_text("verify-category") or None,
            kind=kind,
            area=_text("verify-area") or None,
            note=_text("verify-note"),
        )

    return _step(number, "verify", run, _("sudah diverifikasi"))


@permit("lapor.dispose")
def dispose(number: str) -> Response:
    """Hand it to the chosen unit and those that help it; an outside owner gets it forwarded."""
    owner, others = _text("dispose-agency") or _text("dispose-other"), owners.typed_units()
    told = _text("dispose-instruction")
    outside = {each.code for each in queries.agency_choices(external=True)}

    def run(complaint_id: UUID, version: int) -> Done:
        if owner in outside and not others:
            return service.forward(
                complaint_id, version=version, agency_code=owner, text=told, apart=_text("dispose-apart")
            )
        units = [Order(owner, told), *others] if owner else []
        return service.dispose(complaint_id, version=version, units=units, apart=_text("dispose-apart"))

    names = {each.code: each.name for each in queries.agency_choices()}
    return _step(
        number, "dispose", run, _("diteruskan ke %(agency)s", agency=names.get(owner, owner)), onward=True
    )


@permit(HANDLE, *INVESTIGATES)
def give_back(number: str) -> Response:
    """Not ours: name the owner."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.give_back(
            complaint_id,
            **owners.part_version(version),
            agency_code=_text("give_back-agency") or None,
            owner_agency_code=_text("give_back-owner") or None,
            owner_name=_text("give_back-owner_name"),
            reason=_text("give_back-reason"),
            reason_code=_text("give_back-reason_code"),
        )

    return _step(number, "give_back", run, _("dikembalikan ke koordinator"))


@permit(HANDLE, *INVESTIGATES)
def hold(number: str) -> Response:
    """Stop the clocks while another institution has to move first."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.hold(
            complaint_id,
            version=version,
            reason=_text("hold-reason"),
            until=_day("hold-until"),
            reason_code=_text("hold-reason_code"),
            party=_text("hold-party"),
        )

    return _step(number, "hold", run, _("ditunda, jam berhenti"))


@permit(HANDLE, *INVESTIGATES)
def ask(number: str) -> Response:
    """Ask the reporter; the clocks stand still until the answer."""
    return _step(number, "ask", coach.ask, _("pertanyaan dikirim ke pelapor"))


@permit(HANDLE, *INVESTIGATES)
def resume(number: str) -> Response:
    """Let the clocks run again."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.resume(complaint_id, version=version, text=_text("resume-text"))

    return _step(number, "resume", run, _("jam berjalan lagi"))


@permit(HANDLE, *INVESTIGATES)
@uploads
def progress(number: str) -> Response:
    """Tell what is being done."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.progress(
            complaint_id,
            **owners.part_version(version),
            agency_code=_text("progress-agency") or None,
            text=_text("progress-text"),
            public=not _text("progress-internal"),
            photos=chosen_photos(request.files.getlist("progress-photos")),
        )

    return _step(number, "progress", run, _("kemajuan dicatat"))


@permit(HANDLE, *INVESTIGATES)
@uploads
def answer(number: str) -> Response:
    """Say that it is done, with proof; the reporter decides."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.answer(
            complaint_id,
            **owners.part_version(version),
            agency_code=_text("answer-agency") or None,
            adopt_photos=bool(_text("answer-adopt")),
            text=_text("answer-text"),
            photos=chosen_photos(request.files.getlist("answer-photos")),
            documents=chosen_photos(request.files.getlist("answer-documents")),
            no_work=_text("answer-no_work"),
        )

    return _step(number, "answer", run, _("jawaban dikirim ke pelapor"))


@permit("lapor.archive", *INVESTIGATES)
def archive(number: str) -> Response:
    """End without an answer: with reason, rule and remedy."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.archive(
            complaint_id,
            version=version,
            reason_code=_text("archive-reason_code"),
            rule=_text("archive-rule"),
            remedy=_text("archive-remedy"),
        )

    return _step(number, "archive", run, _("diarsipkan dengan alasan"))


@permit("lapor.forward")
def forward(number: str) -> Response:
    """Pass it to an outside owner and follow it from here."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.forward(
            complaint_id,
            version=version,
            agency_code=_text("forward-agency"),
            text=_text("forward-text"),
            external_id=_text("forward-external_id"),
            apart=_text("forward-apart"),
        )

    return _step(number, "forward", run, _("diserahkan ke instansi luar"))


@permit(HANDLE)
def pass_on(number: str) -> Response:
    """Hand the own part onward to a unit below or a village; the own unit stays responsible."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.pass_on(
            complaint_id,
            **owners.part_version(version),
            agency_code=_text("pass_on-agency"),
            instruction=_text("pass_on-instruction"),
            reason=_text("pass_on-reason"),
        )

    return _step(number, "pass_on", run, _("diteruskan lagi, unit Anda tetap bertanggung jawab"))


@permit("lapor.forward")
@uploads
def hear(number: str) -> Response:
    """Write down what was heard of an outside owner."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.hear(
            complaint_id,
            version=version,
            heard=_text("hear-heard"),
            text=_text("hear-text"),
            source=_text("hear-source"),
            agency_code=_text("hear-agency") or None,
            heard_on=_day("hear-heard_on", "heard_on"),
            external_id=_text("hear-external_id"),
            photos=chosen_photos(request.files.getlist("hear-photos")),
        )

    return _step(number, "hear", run, _("kabar dicatat"))


@permit(HANDLE, *INVESTIGATES)
def note(number: str) -> Response:
    """Write a note for the desk alone."""

    def run(complaint_id: UUID, version: int) -> Done:
        return service.note(complaint_id, text=_text("note-text"))

    return _step(number, "note", run, _("catatan disimpan"))


@permit("lapor.identity")
def reveal(number: str) -> Response:
    """Show who reported, this once; the purpose is written down."""
    complaint_id = queries.id_of(number)
    try:
        contact = service.reveal(complaint_id, purpose=_text("reveal-purpose"))
    except (Invalid, Conflict) as error:
        page = draw(complaint_id, error=error, action="reveal", typed=typed("reveal"))
        return make_response(page, error.status)
    return make_response(draw(complaint_id, contact=contact))


ACTIONS: dict[str, View] = {
    "verifikasi": verify,
    "teruskan": dispose,
    "kembalikan": give_back,
    "tunda": hold,
    "tanya": ask,
    "lanjutkan": resume,
    "kemajuan": progress,
    "jawab": answer,
    "arsipkan": archive,
    "serahkan": forward,
    "teruskan-lagi": pass_on,
    "kabar": hear,
    "catatan": note,
}
