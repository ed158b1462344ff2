"""The report form, its help while writing, and the receipt."""

from __future__ import annotations

from uuid import uuid4

import segno
from flask import Response, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from plugins.lapor import present, queries, service
from plugins.lapor.citizen import coach as citizen_coach
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.citizen import session as citizen_session
from plugins.lapor.citizen.same import offered
from plugins.lapor.contracts import ReporterView
from plugins.lapor.settings import setting
from superapp.sdk import (
    AppError,
    Conflict,
    Invalid,
    PluginRefused,
    TooMany,
    public,
    rate_limit,
    render,
    uploads,
)

SUBMIT_WINDOW = 600
GUESSES, GUESS_WINDOW = 120, 60
GUESS_TEXT = 600


@public
def report() -> str:
    """The empty form; `?jenis=` chooses a kind of matter beforehand."""
    values = dict.fromkeys(citizen_form.FIELDS, "")
    values |= {"kind": "complaint", "key": str(uuid4()), "category": request.args.get("jenis", "")}
    return _form(values, {}, {})


@public
@uploads
def send() -> BaseResponse:
    """Make it real and go to the receipt, so that a reload never sends twice.

    What was typed stays when something is wrong; photos have to be chosen again, no browser keeps them.
    A question that needs an answer is asked for once: the form that comes back can be sent without it.
    """
    values = citizen_form.typed(request.form)
    answers = citizen_coach.typed_answers(request.form)
    photos = citizen_form.uploads(request.files.getlist("photos"))
    files = citizen_coach.sent_files(request.files)
    try:
        rate_limit(
            "lapor.submit", request.remote_addr or "", int(str(setting("submit_limit"))), SUBMIT_WINDOW
        )
        made = service.submit(
            citizen_form.draft(values, answers),
            photos,
            values["key"] or None,
            answer_files=files,
            whole=not values["incomplete"],
        )
    except (Invalid, PluginRefused, TooMany) as error:
        return _again(error, values, answers, had_photos=bool(photos or files))
    except Conflict as error:
        # The key stands for a report that was taken in before it was changed here: nothing is lost.
        return _again(error, {**values, "key": str(uuid4())}, answers, had_photos=bool(photos or files))
    citizen_session.keep(made.number, made.ticket)
    citizen_session.show_once(made.number, made.pin)
    return redirect(url_for("lapor_citizen.receipt", number=made.number), 303)


def _again(
    error: AppError, values: dict[str, str], answers: dict[str, list[str]], *, had_photos: bool
) -> Response:
    found = citizen_form.by_field(error.errors)
    if had_photos and "photos" not in found:
        found["photos"] = _("Pilih lagi fotonya. Peramban tidak menyimpannya.")
    if isinstance(error, Conflict):
        said = _(
            "Laporan ini sudah terkirim sebelum Anda mengubahnya. Kirim lagi hanya bila ini laporan lain."
        )
        found = {"": said, **found}
    elif not error.errors:
        found = {"": f"{error.title} {error.detail}".strip(), **found}
    may_skip = bool(error.errors) and all(
        each.code == "required" and each.field.startswith("answers.") for each in error.errors
    )
    response = make_response(_form(values, found, answers, may_skip=may_skip), error.status)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _form(
    values: dict[str, str],
    errors: dict[str, str],
    answers: dict[str, list[str]],
    *,
    may_skip: bool = False,
) -> str:
    chosen = citizen_form.category(values["category"]) if values["category"] else None
    offered = citizen_form.choices()
    meant = citizen_coach.meant(values["category"], values["body"])
    asked = service.questions_of(meant or None)
    return render(
        "lapor/citizen/report.html",
        values=values,
        errors=errors,
        summary=citizen_form.summary(errors, citizen_coach.links(errors, asked)),
        choices=offered,
        kinds=citizen_form.kinds(),
        urgent=chosen.urgent if chosen else "",
        spot=offered.drawing.spot(*_point(values)) if offered.drawing else None,
        questions=Markup(citizen_coach.fields(asked, answers, errors)),  # noqa: S704 - rendered by Jinja
        asked_for=meant,
        may_skip=may_skip,
    )


def _point(values: dict[str, str]) -> tuple[float | None, float | None]:
    try:
        return float(values["lat"]), float(values["lng"])
    except ValueError:
        return None, None


@public
def suggest() -> BaseResponse:
    """For the form's script: up to three kinds of matter that the words of `teks` speak for."""
    rate_limit("lapor.suggest", request.remote_addr or "", GUESSES, GUESS_WINDOW)
    text = request.args.get("teks", "")[:GUESS_TEXT].replace("\x00", "")
    found = queries.guess(text)
    return jsonify(
        [
            {
                "code": each.category.code,
                "name": each.category.name,
                "words": list(each.words),
                "strength": each.strength,
                "urgent": each.category.urgent,
            }
            for each in found
        ]
    )


@public
def receipt(number: str) -> BaseResponse | str:
    """Number, PIN (for a quarter of an hour) and what comes next; only in the browser that sent it."""
    view = _own(number)
    if view is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    address = url_for("lapor_citizen.track", number=number, _external=True)
    same = offered(view.case, view)
    return render(
        "lapor/citizen/receipt.html",
        view=view,
        case=view.case,
        pin=citizen_session.pin_of(number),
        address=address,
        qr=_qr(address),
        steps=_next_steps(view),
        urgent=_urgent(view),
        p={"offers": same, "page": "receipt"} if same else None,
    )


def _qr(address: str) -> Markup:
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by segno, holds no text


def _urgent(view: ReporterView) -> str:
    found = citizen_form.category(view.case.category_code)
    return found.urgent if found else ""


def _next_steps(view: ReporterView) -> list[present.Step]:
    case = view.case
    checking = next((each for each in case.deadlines if each.step == "verify"), None)
    steps = [present.Step("done", _("Diterima"), present.moment(case.received_at))]
    if checking is not None:
        by = _("paling lambat %(day)s", day=present.long_day(present.due_day(checking)))
        steps.append(present.Step("next", _("Diperiksa petugas"), by, note=present.sentence(checking)))
    owner = _("biasanya %(agency)s", agency=case.agency.name) if case.agency else ""
    steps.append(present.Step("next", _("Dikerjakan dinas"), owner))
    steps.append(present.Step("next", _("Anda memastikan selesai")))
    return steps


@public
def receipt_file(number: str) -> BaseResponse:
    """The receipt as a text file to keep."""
    view = _own(number)
    if view is None:
        return redirect(url_for("lapor_citizen.find", nomor=number), 303)
    text = render(
        "lapor/citizen/receipt.txt",
        case=view.case,
        pin=citizen_session.pin_of(number),
        address=url_for("lapor_citizen.track", number=number, _external=True),
        steps=_next_steps(view),
    )
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{view.case.number}.txt"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _own(number: str) -> ReporterView | None:
    ticket = citizen_session.ticket_for(number)
    return service.reporter_view(ticket) if ticket else None
