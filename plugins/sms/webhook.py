"""The address that the gateway calls for messages of citizens: they are put down, and that is all."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from plugins.sms import proof
from plugins.sms.service import taking
from plugins.sms.settings import setting
from superapp.sdk import AppError, BadRequest, Forbidden, NotFound, public, rate_limit

PATH = "/sms/masuk"
bp = Blueprint("sms", __name__)


@bp.errorhandler(AppError)
def problem(error: AppError) -> Response:
    """Any refusal in the form of RFC 9457: no person reads this address."""
    told = {
        "type": f"urn:superapp:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "errors": [
            {"field": each.field, "message": each.message, "code": each.code} for each in error.errors
        ],
    }
    answer = Response(orjson.dumps(told), error.status, content_type="application/problem+json")
    if error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@bp.post(PATH)
@public
def post() -> Response:
    """Put a message down, JSON or form. 403 without proof, 422 naming a field that is missing; a repeat
    answers 200 and changes nothing."""
    if setting("mode") != "on":
        raise NotFound()
    body = request.get_data()
    given = request.headers.get(setting("proof_header"), "")
    if not proof.proven(setting("proof"), given, body, setting("in_secret")):
        rate_limit("sms.refused", request.remote_addr or "", 60, 60)
        raise Forbidden(_("Bukti kiriman tidak ada atau tidak cocok."))
    taking.take(taking.read(_told(body)))
    return Response("ok", content_type="text/plain")


def _told(body: bytes) -> object:
    """The post as a mapping. Only what was signed counts: parts of the address are not read."""
    if not request.is_json:
        return request.form.to_dict()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(_("Isi kiriman bukan JSON.")) from error
