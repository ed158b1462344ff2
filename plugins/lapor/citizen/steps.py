"""What a reporter does with the own report: confirm, reopen, add, withdraw, correct the contact."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import service
from plugins.lapor.citizen import coach as citizen_coach
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.citizen.own import in_correction, read_correction, typed
from plugins.lapor.citizen.track import again
from plugins.lapor.contracts import Contact
from superapp.sdk import Conflict, FieldError, Invalid, public, rate_limit, uploads

STEPS, WINDOW = 30, 600


def _step(number: str, act: Callable[[str], object], told: str) -> Response:
    """Do `act` with this browser's ticket and go back to the page; ask for the PIN when there is none."""
    ticket = citizen_session.ticket_for(number)
    if ticket is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    rate_limit("lapor.step", number, STEPS, WINDOW)
    try:
        act(ticket)
    except (Invalid, Conflict) as error:
        return again(error, ticket, typed(request.form))
    flash(told)
    return redirect(url_for("lapor_citizen.own", number=number), 303)


@public
def confirm(number: str) -> Response:
    """Solved or not: the reporter has the last word.

    `solved` is yes or no, `rating` 1 to 5 or empty; `missing` says what is not right yet, `unit` whose part.
    """
    answer, text = request.form.get("solved", ""), request.form.get("missing", "")

    def act(ticket: str) -> None:
        if answer not in {"yes", "no"}:
            raise Invalid(errors=[FieldError("solved", _("Pilih sudah selesai atau belum."), "choice")])
        if answer == "no" and not text.strip():
            raise Invalid(errors=[FieldError("missing", _("Ceritakan apa yang belum beres."), "required")])
        service.confirm(
            ticket,
            solved=answer == "yes",
            rating=_rating() if answer == "yes" else None,
            text=text,
            agency_code=request.form.get("unit") or None,
        )

    done = _("Terima kasih. Laporan ini selesai.")
    return _step(number, act, done if answer == "yes" else _("Kami kembalikan ke unit yang menangani."))


def _rating() -> int | None:
    given = request.form.get("rating", "").strip()
    if given and given not in {"1", "2", "3", "4", "5"}:
        raise Invalid(errors=[FieldError("rating", _("Beri nilai 1 sampai 5."), "range")])
    return int(given) if given else None


@public
def reopen(number: str) -> Response:
    """Ask for a closed report to be taken up again."""
    reason = request.form.get("reason", "")
    return _step(number, lambda ticket: service.reopen(ticket, reason=reason), _("Laporan dibuka lagi."))


@public
@uploads
def reply(number: str) -> Response:
    """Add words, photos or answers; photos alone are fine while nobody asked a question."""
    text = request.form.get("text", "")
    photos = citizen_form.uploads(request.files.getlist("photos"))
    given, files = citizen_coach.typed_answers(request.form), citizen_coach.sent_files(request.files)

    def act(ticket: str) -> None:
        if photos and not text.strip() and not any(map(any, given.values())) and not files:
            service.add_photos(ticket, photos)
        else:
            service.reply(ticket, text=text, photos=photos, given=given, answer_files=files)

    return _step(number, act, _("Keterangan Anda sudah kami terima."))


@public
def withdraw(number: str) -> Response:
    """Take the report back."""
    reason = request.form.get("reason", "")
    return _step(number, lambda ticket: service.withdraw(ticket, reason=reason), _("Laporan sudah ditarik."))


@public
def correct(number: str) -> Response:
    """Set right what was written, while nobody has read it."""

    def act(ticket: str) -> None:
        try:
            service.correct(ticket, **read_correction(request.form))
        except Invalid as error:
            raise Invalid(errors=in_correction(error.errors)) from error

    return _step(number, act, _("Laporan Anda sudah diperbaiki."))


@public
def contact(number: str) -> Response:
    """Correct name, phone and e-mail; all empty erases them."""
    told = Contact(*(request.form.get(name, "").strip() for name in ("name", "phone", "email", "nik")))
    return _step(number, lambda ticket: service.correct_contact(ticket, told), _("Kontak Anda sudah diubah."))
