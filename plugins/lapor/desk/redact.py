"""Covering faces and plates: rectangles as numbers that anybody can type, and that script lets one draw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.assets import version
from plugins.lapor.pictures.areas import MOST_AREAS, Area
from plugins.lapor.service.proof import redaction
from superapp.sdk import (
    AppError,
    Conflict,
    FieldError,
    Invalid,
    current_actor,
    permit,
    render,
)

GRID = 12  # cells along the longer side, for those who choose by ticking
ROWS = 6  # rectangles that can be typed without script
SIDES = ("left", "top", "right", "bottom")


@permit("lapor.redact")
def page(photo_id: UUID) -> str:
    """The photo with what is covered now, and the form."""
    return _page(photo_id)


@permit("lapor.redact")
def cover(photo_id: UUID) -> Response:
    """Cover the typed rectangles and the ticked cells."""
    return _step(photo_id, lambda: redaction.cover(photo_id, wanted(photo_id)), _("Foto sedang disamarkan."))


@permit("lapor.redact")
def clear(photo_id: UUID) -> Response:
    """Nothing in it has to be covered: it may be published."""
    return _step(photo_id, lambda: redaction.clear(photo_id), _("Foto ditandai boleh tampil."))


@permit("lapor.original")
def restore(photo_id: UUID) -> Response:
    """Take the covers away again."""
    reason = request.form.get("reason", "")
    return _step(
        photo_id, lambda: redaction.restore(photo_id, reason=reason), _("Foto dipulihkan dari aslinya.")
    )


@permit("lapor.original")
def original(photo_id: UUID) -> Response:
    """The uncovered picture, for a purpose that is written down."""
    try:
        data, mimetype = redaction.original(photo_id, purpose=request.form.get("purpose", ""))
    except Invalid as error:
        return make_response(_page(photo_id, error), error.status)
    answer = make_response(data)
    answer.headers["Content-Type"] = mimetype
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def wanted(photo_id: UUID) -> list[list[float]]:
    """The rectangles of the form, in shares of the picture. Raises Invalid for one that is half filled."""
    found = []
    for place in range(MOST_AREAS):
        typed = [request.form.get(f"{side}-{place}", "").strip() for side in SIDES]
        if any(typed):
            found.append([_share(text, place) for text in typed])
    photo, _case = redaction.photo_of(photo_id)
    columns, rows = grid(photo.width, photo.height)
    for cell in dict.fromkeys(request.form.getlist("cell")):
        if not (cell.isascii() and cell.isdigit() and int(cell) < columns * rows):
            raise Invalid(errors=[FieldError("areas", _("Petak ini tidak ada di foto."), "choice")])
        row, column = divmod(int(cell), columns)
        found.append([column / columns, row / rows, (column + 1) / columns, (row + 1) / rows])
    return found


def _share(text: str, place: int) -> float:
    """A percentage as a share; a comma is as good as a point."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 100:
        told = _("Kotak %(place)s: isi keempat sisi dengan angka 0 sampai 100.", place=place + 1)
        raise Invalid(errors=[FieldError("areas", told, "range")])
    return value / 100


def grid(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of nearly square cells."""
    longer = max(width, height, 1)
    return max(1, round(GRID * width / longer)), max(1, round(GRID * height / longer))


def _step(photo_id: UUID, run: Any, said: str) -> Response:
    try:
        run()
    except (Invalid, Conflict) as error:
        return make_response(_page(photo_id, error), error.status)
    flash(said)
    return redirect(url_for(".redaction", photo_id=photo_id), 303)


def _page(photo_id: UUID, error: AppError | None = None) -> str:
    photo, case = redaction.photo_of(photo_id)
    actor = current_actor()
    areas = redaction.areas_of(photo_id)
    errors = error.errors if error else ()
    columns, rows = grid(photo.width, photo.height)
    edition = photo.full.rpartition("-")[2][:8]
    return render(
        "lapor/desk/redact.html",
        photo=photo,
        number=case.number,
        picture_url=url_for(".photo", photo_id=photo_id, v=edition),
        boxes=_typed() if error else _boxes(areas),
        areas=areas,
        cells=list(range(columns * rows)),
        ticked=set(request.form.getlist("cell")) if error else set(),
        columns=columns,
        rows=ROWS,
        covered=photo.review == "redacted",
        waiting=photo.review == "waiting",
        cleared=photo.review == "cleared",
        may_open=actor.may(redaction.OPENS),
        error=error,
        wrong={each.field: each.message for each in errors},
        summary=[{"field": each.field, "message": each.message} for each in errors],
        typed=request.form if error else {},
        script=url_for("lapor_desk.static", filename="redact.js", v=version("redact.js")),
    )


def _boxes(areas: list[Area]) -> list[dict[str, str]]:
    found = [{side: f"{getattr(each, side) * 100:.1f}" for side in SIDES} for each in areas]
    empty = [dict.fromkeys(SIDES, "") for _ in range(max(ROWS - len(found), 1))]
    return (found + empty)[:MOST_AREAS]


def _typed() -> list[dict[str, str]]:
    found = [
        {side: request.form.get(f"{side}-{place}", "")[:12] for side in SIDES} for place in range(MOST_AREAS)
    ]
    used = max((place for place, each in enumerate(found) if any(each.values())), default=0)
    return found[: max(ROWS, used + 1)]
