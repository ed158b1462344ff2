"""GeoReport's answers: the spelling that was asked for, its errors, its headers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from werkzeug.exceptions import HTTPException

from plugins.open311 import codec
from superapp.sdk import (
    AppError,
    Forbidden,
    NotFound,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
    current_tenant,
    keep,
    log,
)

# The frozen standard knows 400, 403 and 404; what has no place there keeps its HTTP meaning.
KEPT: tuple[type[AppError], ...] = (Forbidden, NotFound, TooLarge, TooMany, Unavailable)
KEPT_SECONDS, KEPT_BYTES = 5.0, 50_000
Value = codec.Facts | Sequence[codec.Facts]


def answer(root: str, value: Value, spelling: str, status: int = 200) -> Response:
    """The response. A GET may be kept and asked again by its ETag, and read from any page."""
    body = codec.dumps(root, value, spelling)
    response = Response(body, status, content_type=codec.FORMATS[spelling])
    if request.method in {"GET", "HEAD"}:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        response.set_etag(hashlib.sha256(body).hexdigest()[:20])
        response.make_conditional(request)
    return response


def shared(root: str, value: Value, spelling: str) -> Response:
    """The same for lists that everybody reads alike: given again from memory for some seconds."""
    response = answer(root, value, spelling)
    length = response.content_length or 0
    return keep(response, KEPT_SECONDS) if response.status_code == 200 and length <= KEPT_BYTES else response


def refused(error: Exception) -> Response:
    """The answer to any error, in the spelling that was asked for, each wrong parameter in a line."""
    known = error if isinstance(error, AppError) else _http(error)
    status = _status(known)
    if status >= 500 and not isinstance(known, Unavailable):
        log.get(__name__).exception("open311_failed", path=request.path)
    lines = [{"code": each.code, "description": _said(each.field, each.message)} for each in known.errors]
    if not lines:
        lines = [{"code": str(status), "description": f"{known.title} {known.detail}".strip()}]
    response = answer("errors", lines, spelling(), status)
    response.headers["Cache-Control"] = "no-store"
    if known.retry_after:
        response.headers["Retry-After"] = str(known.retry_after)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def spelling() -> str:
    """JSON when the path ends so, else XML, which every client of the standard reads."""
    return codec.JSON if request.path.endswith(".json") else codec.XML


def written(moment: datetime | None) -> str | None:
    """A moment with seconds and the government's offset; None stays out of the answer."""
    if moment is None:
        return None
    local = moment.astimezone(ZoneInfo(current_tenant().timezone))
    return local.replace(microsecond=0).isoformat()


def _status(error: AppError) -> int:
    if isinstance(error, Unauthorized):
        return 403
    kept = isinstance(error, KEPT) or error.status in {405, 415} or error.status >= 500
    return error.status if kept else 400


def _http(error: Exception) -> AppError:
    if not isinstance(error, HTTPException):
        return AppError()
    made: AppError = AppError(error.name, str(error.description or ""))
    made.status = error.code or 500  # type: ignore[misc]
    if error.code == 404:
        return NotFound()
    return TooLarge() if error.code == 413 else made


def _said(field: str, message: str) -> str:
    """The sentence, with the parameter's name where the sentence does not hold it."""
    spelled: dict[str, Any] = {
        "body": "description",
        "title": "description",
        "category": "service_code",
        "location.lat": "lat",
        "location.lng": "long",
        "location.address": "address_string",
        "reporter.name": "first_name",
        "reporter.phone": "phone",
        "reporter.email": "email",
        "photos": "media",
        "source_url": "media_url",
    }
    name = spelled.get(field, field.replace("answers.", "attribute "))
    return message if name in message else f"{name}: {message}"
