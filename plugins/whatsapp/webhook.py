"""The address that Meta calls: it proves itself, its posts are put down, and that is all."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from plugins.whatsapp import signature
from plugins.whatsapp.payloads import parse
from plugins.whatsapp.service import claims, taking
from plugins.whatsapp.settings import setting
from superapp.sdk import AppError, BadRequest, Forbidden, NotFound, public, rate_limit

PATH = "/whatsapp/webhook"
bp = Blueprint("whatsapp", __name__)


@bp.errorhandler(AppError)
def problem(error: AppError) -> Response:
    """Any refusal in the form of RFC 9457: no person reads these addresses."""
    told = {
        "type": f"urn:superapp:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    answer = Response(orjson.dumps(told), error.status, content_type="application/problem+json")
    if error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@bp.get(PATH)
@public
def verify() -> Response:
    """Answer the challenge of who knows the verify token. 403 for a wrong one, 404 while WhatsApp is off."""
    _open()
    known = signature.same(request.args.get("hub.verify_token", ""), setting("verify_token"))
    challenge = request.args.get("hub.challenge", "")[:200]
    if request.args.get("hub.mode") != "subscribe" or not known or not challenge.isalnum():
        raise _refused(_("Token verifikasi tidak cocok."))
    return Response(challenge, content_type="text/plain")


@bp.post(PATH)
@public
def post() -> Response:
    """Put a signed post down and answer at once. 403 without a right signature, 400 for what is no JSON."""
    _open()
    body = request.get_data(cache=False)
    if not signature.signed(body, request.headers.get("X-Hub-Signature-256", ""), setting("app_secret")):
        raise _refused(_("Tanda tangan tidak ada atau tidak cocok."))
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(_("Isi kiriman bukan JSON.")) from error
    taking.take(parse(told, claims.own_number()))
    return Response("ok", content_type="text/plain")


def _open() -> None:
    if setting("mode") != "on":
        raise NotFound()


def _refused(why: str) -> Forbidden:
    rate_limit("whatsapp.refused", request.remote_addr or "", 60, 60)
    return Forbidden(why)
