"""The API of LAPOR, below /api/v1/lapor: report, follow, handle. Errors are problem+json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from plugins.lapor import queries, service
from plugins.lapor.api import actions as steps
from plugins.lapor.api import incidents, schemas
from plugins.lapor.contracts import (
    Assignment,
    Contact,
    DeskView,
    Draft,
    Filters,
    Location,
    PhotoView,
    PublicView,
    Receipt,
    Upload,
)
from plugins.lapor.service.coach.answers import of_case, told_in
from plugins.lapor.service.coaching.reporter import own_page
from plugins.lapor.settings import setting
from superapp.sdk import ApiBlueprint, NotFound, current_actor, permit, public, rate_limit, uploads

bp = ApiBlueprint(
    "lapor_api",
    __name__,
    url_prefix="/api/v1/lapor",
    description="Pengaduan, aspirasi, dan permintaan informasi",
)
View = Callable[..., Any]
SUBMIT_WINDOW = 600
TITLES = {
    400: "Not readable",
    401: "An API key is needed",
    403: "The key does not hold the permission",
    404: "Not here, or not yours to see",
    409: "State, version or key forbid it; nothing was changed",
    413: "Too large",
    422: "Fields are missing, unknown or wrong; each is named",
    429: "Too often; see Retry-After",
}


def problems(*statuses: int) -> Callable[[View], View]:
    """Document which errors an operation answers with; a bad key gets 401, many of them 429, everywhere."""

    def mark(view: View) -> View:
        for status in sorted({401, 429, *statuses}):
            view = bp.alt_response(
                status,
                schema=schemas.Problem,
                description=TITLES[status],
                content_type="application/problem+json",
            )(view)
        return view

    return mark


@bp.post("/complaints")
@public
@problems(400, 409, 413, 422)
@bp.arguments(schemas.ComplaintIn)
@bp.arguments(schemas.SubmitHeaders, location="headers")
@bp.response(201, schemas.ReceiptOut)
def submit(report: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """Report something. No account is needed; the answer holds the PIN for the reporter's own view."""
    if current_actor().kind == "anonymous":
        rate_limit(
            "lapor.submit", request.remote_addr or "", int(str(setting("submit_limit"))), SUBMIT_WINDOW
        )
    return _receipt(service.submit(_draft(report), (), headers.get("key"), whole=not report["incomplete"]))


@bp.get("/complaints")
@public
@problems(400, 422)
@bp.arguments(schemas.ListQuery, location="query", unknown="raise")
@bp.response(200, schemas.ListOut)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """Published reports, the newest first, in parts."""
    filters = Filters(category=query["category"], area=query["area"], status=query["status"])
    page = queries.public_list(filters, query.get("cursor"), query["limit"])
    return {"items": page.items, "next": page.next}


@bp.get("/likely")
@public
@problems(422)
@bp.arguments(incidents.LikelyQuery, location="query", unknown="raise")
@bp.response(200, incidents.LikelyOut(many=True))
def likely(query: dict[str, Any]) -> Any:
    """Open public reports that one is probably about to repeat, at most three; join one instead."""
    rate_limit("lapor.similar", request.remote_addr or "", incidents.LOOKS, incidents.LOOK_WINDOW)
    return list(incidents.likely(query))


@bp.post("/complaints/<string:number>/join")
@public
@problems(400, 404, 409, 422)
@bp.arguments(incidents.JoinIn)
@bp.arguments(schemas.SubmitHeaders, location="headers")
@bp.response(201, schemas.ReceiptOut)
def join(values: dict[str, Any], headers: dict[str, str], number: str) -> dict[str, Any]:
    """Report the same as somebody else: a number and PIN of your own, the same news and answer."""
    if current_actor().kind == "anonymous":
        rate_limit(
            "lapor.submit", request.remote_addr or "", int(str(setting("submit_limit"))), SUBMIT_WINDOW
        )
    return _receipt(incidents.join(number, values, headers.get("key")))


@bp.get("/complaints/<string:number>")
@public
@problems(404, 422)
@bp.arguments(schemas.PinHeaders, location="headers")
@bp.response(200, schemas.ComplaintOut)
def read(headers: dict[str, str], number: str) -> dict[str, Any]:
    """The public view; with Complaint-Pin the reporter's, with an API key the desk's."""
    if "pin" in headers:
        view = service.reporter_view(_enter(number, headers["pin"]))
        return {
            **_case(view.case),
            "secret": view.secret,
            "actions": view.actions,
            "question": view.question,
            "answers": own_page(view.case.number).answers,
        }
    if current_actor().may("lapor.inbox"):
        desk = service.desk_view(queries.id_of(number))
        answers = of_case(desk.id)
        return {
            **_case(desk.case),
            "secret": desk.secret,
            "actions": desk.actions,
            "part": own_part(desk),
            "answers": answers,
        }
    return _case(service.public_view(number))


@bp.get("/questions")
@public
@problems(404, 422)
@bp.arguments(schemas.QuestionsQuery, location="query", unknown="raise")
@bp.response(200, schemas.QuestionOut(many=True))
def questions(query: dict[str, str]) -> Any:
    """What a category asks beside the text, in order; a required one may stay open with `incomplete`."""
    if not any(each.code == query["category"] for each in queries.categories()):
        raise NotFound("Jenis laporan ini tidak ada.", "Ambil kodenya dari daftar jenis laporan.")
    return list(service.questions_of(query["category"]))


@bp.post("/complaints/<string:number>/answers")
@public
@problems(400, 404, 409, 422)
@bp.arguments(schemas.AnswersIn)
@bp.arguments(schemas.PinRequired, location="headers")
@bp.response(200, schemas.DoneOut)
def answer(values: dict[str, Any], headers: dict[str, str], number: str) -> Any:
    """Answer questions of the category with the PIN; a clock that waits for the reporter runs on."""
    ticket = _enter(number, headers["pin"])
    return service.reply(ticket, text=values["text"], given=values["answers"], strict=True)


@bp.post("/complaints/<string:number>/photos")
@public
@problems(404, 409, 413, 422)
@bp.arguments(schemas.PhotosIn, location="files")
@bp.arguments(schemas.PinRequired, location="headers")
@bp.response(201, schemas.PhotoOut(many=True))
@uploads
def add_photos(files: dict[str, Any], headers: dict[str, str], number: str) -> list[dict[str, Any]]:
    """Add photos to an open report, with its PIN."""
    ticket = _enter(number, headers["pin"])
    sent = [Upload(each.filename or "", each.read()) for each in files["photos"]]
    return [_photo(each, number) for each in service.add_photos(ticket, sent)]


def _plain(view: Any) -> Any:
    return view


def _officer_step(step: steps.Step) -> None:
    @bp.post(
        f"/complaints/<string:number>/actions/{step.name}", endpoint=f"act_{step.name.replace('-', '_')}"
    )
    @permit(step.permission)
    @problems(400, 403, 404, 409, 422)
    @bp.doc(security=[{"apiKey": []}], summary=f"{step.name}: {step.schema.__doc__}")
    @bp.arguments(step.schema)
    @bp.response(200, schemas.DoneOut)
    @(uploads if step.name == "answer" else _plain)
    def view(values: dict[str, Any], number: str) -> Any:
        return steps.act(step, queries.id_of(number), values)


def _own_step(step: steps.OwnStep) -> None:
    @bp.post(f"/complaints/<string:number>/{step.name}", endpoint=f"own_{step.name}")
    @public
    @problems(400, 404, 409, 422)
    @bp.doc(summary=f"{step.name}: {step.schema.__doc__}")
    @bp.arguments(step.schema)
    @bp.arguments(schemas.PinRequired, location="headers")
    @bp.response(200, schemas.DoneOut)
    def view(values: dict[str, Any], headers: dict[str, str], number: str) -> Any:
        return step.do(_enter(number, headers["pin"]), **values)


for _step in steps.OFFICER:
    _officer_step(_step)
for _own in steps.REPORTER:
    _own_step(_own)


def _enter(number: str, pin: str) -> str:
    return service.enter(number, pin, source=request.remote_addr or "")


def _draft(report: dict[str, Any]) -> Draft:
    place, who = report["location"], report["reporter"]
    return Draft(
        kind=report["kind"],
        title=report["title"],
        body=report["body"],
        category=report.get("category") or None,
        occurred_on=report.get("occurred_on"),
        location=Location(
            place.get("lat"), place.get("lng"), place.get("address", ""), place.get("area") or None
        ),
        reporter=Contact(*(who.get(name, "") for name in ("name", "phone", "email", "nik"))),
        anonymous=report["anonymous"],
        secret=report["secret"],
        whistle=report["whistle"],
        accused=(report.get("accused") or None) if report["whistle"] else None,
        channel="api",
        answers=report["answers"],
    )


def _receipt(made: Receipt) -> dict[str, Any]:
    return {
        "number": made.number,
        "pin": made.pin,
        "status": made.status,
        "agency": made.agency,
        "tracking_url": request.url_root.rstrip("/") + made.tracking_path,
        "deadlines": made.deadlines,
    }


def own_part(desk: DeskView) -> Assignment | None:
    """The part of the caller's own unit, copies too."""
    unit = current_actor().agency_id
    return next((each for each in desk.assignments if each.active and each.agency.id == unit), None)


def _case(case: PublicView) -> dict[str, Any]:
    facts = {name: getattr(case, name) for name in PublicView.__slots__}
    photos = [*case.photos, *(photo for item in case.timeline for photo in item.photos)]
    facts["answers"] = told_in(case.timeline)
    return {**facts, "location": case, "photos": [_photo(each, case.number) for each in photos]}


def _photo(photo: PhotoView, number: str) -> dict[str, Any]:
    url = url_for("lapor_citizen.photo", number=number, photo_id=photo.id, size="full", _external=True)
    return {
        "id": photo.id,
        "state": photo.state,
        "stage": photo.stage,
        "url": url if photo.state == "ready" else None,
    }
