"""The webhook: proves that Telegram calls, keeps the update, answers at once."""

from __future__ import annotations

import hmac

import orjson
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from plugins.telegram import api, inbox
from superapp.sdk import BadRequest, Forbidden, public, rate_limit

bp = Blueprint("telegram_wire", __name__, url_prefix="/telegram")
HEADER = "X-Telegram-Bot-Api-Secret-Token"
WRONG, WINDOW_SECONDS = 30, 600
UPDATES = 6000  # in a minute, of the whole tenant


@bp.post("/webhook")
@public
def webhook() -> Response:
    """Take one update. A wrong secret is told from no bot at all by nothing."""
    right = str(api.settings()["secret"])
    given = request.headers.get(HEADER, "")
    if not right or not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
        rate_limit("telegram.wrong", request.remote_addr or "", WRONG, WINDOW_SECONDS)
        raise Forbidden(_("Rahasia webhook tidak cocok."))
    rate_limit("telegram.updates", "", UPDATES, 60)
    inbox.keep(_update(request.get_data(cache=False)))
    return Response(status=200)


def _update(body: bytes) -> dict[str, object]:
    """The update in a body. Raises BadRequest for anything without a usable id."""
    try:
        told = orjson.loads(body)
    except ValueError as error:
        raise BadRequest(_("Badan permintaan bukan JSON.")) from error
    number = told.get("update_id") if isinstance(told, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
        raise BadRequest(_("update_id tidak ada atau bukan bilangan."))
    return dict(told)
