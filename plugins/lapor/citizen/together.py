"""The same report by several people: looking while one writes, joining, following and leaving."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from plugins.lapor.citizen import coach as citizen_coach
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.citizen.same import told
from plugins.lapor.citizen.track import again
from plugins.lapor.contracts import Contact, Location
from plugins.lapor.service.alike import offers
from plugins.lapor.service.incident import join as joining
from plugins.lapor.settings import setting
from superapp.sdk import (
    AppError,
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    PluginRefused,
    TooMany,
    public,
    rate_limit,
    render,
    uploads,
)

LOOKS, LOOK_WINDOW = 120, 60
STEPS, STEP_WINDOW = 30, 600
SUBMIT_WINDOW = 600
TEXT = 1000


@public
def similar() -> BaseResponse:
    """For the form's script: public reports that `teks` at a place is like, in words."""
    rate_limit("lapor.similar", request.remote_addr or "", LOOKS, LOOK_WINDOW)
    asked = {name: request.args.get(name, "").replace("\x00", "") for name in ("teks", "jenis", "alamat")}
    lat, lng = _point(request.args.get("lat", ""), request.args.get("lng", ""))
    found = offers.near(
        asked["teks"][:TEXT],
        category=asked["jenis"][:60] or None,
        lat=lat,
        lng=lng,
        address=asked["alamat"][:500],
    )
    return jsonify([told(each) for each in found])


def _point(lat: str, lng: str) -> tuple[float | None, float | None]:
    """Both degrees within Indonesia, or neither: the script asks again when the place is better known."""
    try:
        north, east = float(lat), float(lng)
    except ValueError:
        return None, None
    return (north, east) if -11.5 <= north <= 6.5 and 94.5 <= east <= 141.5 else (None, None)


@public
def join_form(number: str) -> str:
    """A short form: all of it may stay empty."""
    return _form(number, dict.fromkeys(citizen_form.FIELDS, ""), {})


@public
@uploads
def join(number: str) -> BaseResponse:
    """Take the voice in and show its own number and PIN. The report form may be sent here as it is."""
    values = citizen_form.typed(request.form)
    photos = citizen_form.uploads(request.files.getlist("photos"))
    try:
        rate_limit(
            "lapor.submit", request.remote_addr or "", int(str(setting("submit_limit"))), SUBMIT_WINDOW
        )
        if values["secret"]:
            raise Invalid(errors=[FieldError("secret", _("Laporan rahasia tidak bisa ikut laporan lain."))])
        made = joining.join(
            number,
            text=values["body"],
            contact=Contact(values["name"].strip(), values["phone"].strip(), values["email"].strip()),
            anonymous=bool(values["anonymous"]),
            location=_place(values),
            answers=citizen_coach.typed_answers(request.form),
            photos=photos,
            key=values["key"] or None,
        )
    except (Invalid, PluginRefused, TooMany) as error:
        return _refused(number, error, values)
    except Conflict as error:
        # The key stands for what was sent before it was changed here: nothing is lost.
        return _refused(number, error, {**values, "key": ""})
    citizen_session.keep(made.number, made.ticket)
    citizen_session.show_once(made.number, made.pin)
    return redirect(url_for("lapor_citizen.receipt", number=made.number), 303)


def _place(values: dict[str, str]) -> Location | None:
    """The writer's own place when one was given; the lead's counts otherwise."""
    lat, lng = _point(values["lat"], values["lng"])
    if lat is None and not values["address"].strip():
        return None
    return Location(lat, lng, values["address"].strip(), values["area"] or None)


def _refused(number: str, error: AppError, values: dict[str, str]) -> Response:
    found = citizen_form.by_field(error.errors)
    if not error.errors:
        found = {"": f"{error.title} {error.detail}".strip()}
    response = make_response(_form(number, values, found), error.status)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _form(number: str, values: dict[str, str], errors: dict[str, str]) -> str:
    lead = joining.public_lead(number)
    return render(
        "lapor/citizen/join.html",
        lead=lead,
        values={**values, "key": values["key"] or str(uuid4())},
        errors=errors,
        summary=citizen_form.summary(errors),
    )


@public
def follow(number: str) -> BaseResponse:
    """Let the report of this browser follow another one, in one tap."""
    other = request.form.get("other", "")[:40]

    def act(ticket: str) -> None:
        joining.join_with(ticket, other)

    return _own_step(number, act, _("Laporan Anda ikut ditangani bersama %(number)s.", number=other))


@public
def leave(number: str) -> BaseResponse:
    """Stop following; the report is handled alone."""
    return _own_step(number, joining.leave, _("Laporan Anda ditangani tersendiri."))


@public
def decline(number: str) -> BaseResponse:
    """ "Bukan ini": not asked again in this browser."""
    citizen_session.decline(number)
    back = "receipt" if request.form.get("page") == "receipt" else "own"
    return redirect(url_for(f"lapor_citizen.{back}", number=number), 303)


def _own_step(number: str, act: Any, told: str) -> BaseResponse:
    ticket = citizen_session.ticket_for(number)
    if ticket is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    rate_limit("lapor.step", number, STEPS, STEP_WINDOW)
    try:
        act(ticket)
    except NotFound as error:
        return again(Conflict(error.title, error.detail), ticket, {})
    except (Invalid, Conflict) as error:
        return again(error, ticket, {})
    flash(told)
    return redirect(url_for("lapor_citizen.own", number=number), 303)
