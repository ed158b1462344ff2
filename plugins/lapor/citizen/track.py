"""Following a report: by number for everybody, with PIN or link for the one who sent it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from plugins.lapor import mapdraw, present, service
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.citizen import story as citizen_story
from plugins.lapor.citizen import units as case_units
from plugins.lapor.citizen.own import asked_of
from plugins.lapor.citizen.parts import parts
from plugins.lapor.contracts import PublicView, ReporterView
from superapp.sdk import AppError, Conflict, Invalid, NotFound, TooMany, directory, keep, public, render

PUBLIC_SECONDS = 5.0


@public
def find() -> str:
    """Ask for number and PIN; the PIN may stay empty for the public page."""
    return _find(request.args.get("nomor", "")[:40])


def _find(number: str, *, error: str = "", field: str = "number") -> str:
    return render(
        "lapor/citizen/find.html",
        number=number,
        errors={field: error} if error else {},
        summary=[{"field": field, "message": error}] if error else [],
        held=citizen_session.numbers(),
    )


@public
def enter() -> BaseResponse:
    """With the right PIN the browser may open the reporter's own page; without one, the public page."""
    number, pin = request.form.get("number", "")[:40], request.form.get("pin", "")[:20]
    try:
        if not pin.strip():
            case = service.public_view(number)
            return redirect(url_for("lapor_citizen.track", number=case.number), 303)
        ticket = service.enter(number, pin, source=request.remote_addr or "")
        case = service.reporter_view(ticket).case
    except (NotFound, TooMany) as error:
        return _refused(error, number, pin)
    citizen_session.keep(case.number, ticket)
    return redirect(url_for("lapor_citizen.own", number=case.number), 303)


def _refused(error: AppError, number: str, pin: str) -> Response:
    words = _("Nomor atau PIN tidak cocok. Periksa lagi struk Anda.")
    if isinstance(error, TooMany):
        minutes = max(1, -(-error.retry_after // 60))
        words = _("Terlalu banyak percobaan. Coba lagi dalam %(minutes)s menit.", minutes=minutes)
    elif not pin.strip():
        words = _("Nomor ini tidak ada, atau laporannya rahasia. Isi juga PIN Anda.")
    response = make_response(_find(number, error=words), error.status)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@public
def track(number: str) -> BaseResponse:
    """The public page, the same for everybody, so that it may be given again for a few seconds."""
    case = service.public_view(number)
    if case.number != number:
        return redirect(url_for("lapor_citizen.track", number=case.number), 301)
    body = page(case, None).encode()
    response = Response(body, content_type="text/html; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.vary.update(("Accept-Language", "Cookie"))
    response.make_conditional(request)
    return keep(response, PUBLIC_SECONDS)


@public
def own(number: str) -> BaseResponse | str:
    """The reporter's page, for a browser that gave the PIN, sent the report or came by the link."""
    ticket = citizen_session.ticket_for(number)
    if ticket is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    try:
        view = service.reporter_view(ticket)
    except NotFound:
        citizen_session.forget(number)
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    return page(view.case, view)


@public
def open_link(ticket: str) -> BaseResponse:
    """A link sent to the reporter: remember it in the browser and go on to an address without it."""
    lasting = service.exchange(ticket)
    number = service.reporter_view(lasting).case.number
    citizen_session.keep(number, lasting)
    return redirect(url_for("lapor_citizen.own", number=number), 303)


@public
def leave(number: str) -> BaseResponse:
    """Forget the report in this browser, as on a shared phone."""
    citizen_session.forget(number)
    return redirect(url_for("lapor_citizen.find"), 303)


def page(
    case: PublicView,
    view: ReporterView | None,
    *,
    error: AppError | None = None,
    typed: Mapping[str, Any] | None = None,
) -> str:
    """The tracking page; with `view`, what the reporter may do now; with `error`, what went wrong."""
    errors = error.errors if error else ()
    drawing = mapdraw.draw(mapdraw.places(directory.areas().values()))
    return render(
        "lapor/citizen/track.html",
        case=case,
        own=view,
        parts=parts(case, view),
        asked=asked_of(case) if view and view.question else None,
        promise=citizen_story.promise(case),
        story=citizen_story.story(case, own=view is not None),
        units=case_units.units(case),
        pair=citizen_story.before_and_after(case) if view or case.published else (),
        pair_words=citizen_story.pair_words(case) if view or case.published else "",
        photos=citizen_story.shots(case.photos, case.number) if view or case.published else (),
        waiting=citizen_story.waiting_photos(case),
        drawing=drawing,
        spot=drawing.spot(case.lat, case.lng) if drawing else None,
        confirm_by=_last_day(view),
        error=error,
        errors=citizen_form.by_field(errors),
        summary=[{"field": citizen_form.field_name(each.field), "message": each.message} for each in errors],
        typed=typed or {},
    )


def _last_day(view: ReporterView | None) -> str:
    if view is None or view.confirm_by is None:
        return ""
    return present.long_day(view.confirm_by.astimezone(present.zone()).date())


def again(error: Invalid | Conflict, ticket: str, typed: Mapping[str, Any]) -> Response:
    """The reporter's page with what was wrong on top and what was typed still there."""
    view = service.reporter_view(ticket)
    return make_response(page(view.case, view, error=error, typed=typed), error.status)
