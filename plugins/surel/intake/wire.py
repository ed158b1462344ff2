"""Where a mail server hands mails over: one raw message a call, with the secret that both know.

curl -H "X-Surel-Secret: $SECRET" --data-binary @- https://kota.go.id/surel/masuk
"""

from __future__ import annotations

import hmac

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from plugins.surel.intake.mail import MOST_BYTES
from plugins.surel.intake.take import take
from superapp.sdk import (
    SYSTEM,
    BadRequest,
    NotFound,
    TooLarge,
    Unauthorized,
    current_tenant,
    public,
    rate_limit,
    set_actor,
    settings_of,
    uploads,
)

bp = Blueprint("surel_wire", __name__, url_prefix="/surel")


@bp.post("/masuk")
@public
@uploads
def deliver() -> tuple[Response, int]:
    """Take one message in: 202 when it was kept, 200 when it had come before. 401 without the secret."""
    settings = settings_of(current_tenant(), "surel")
    if settings["intake"] != "pipe":
        raise NotFound()
    given = request.headers.get("X-Surel-Secret", "")
    right = str(settings["pipe_secret"])
    if not right or not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
        rate_limit("surel.secret", request.remote_addr or "", 30, 600)
        raise Unauthorized("Rahasia server surat tidak cocok.", "Kirim kepala X-Surel-Secret yang benar.")
    raw = request.get_data(cache=False)
    if len(raw) > MOST_BYTES:
        raise TooLarge(detail=f"Batasnya {MOST_BYTES // 1_000_000} MB.")
    if not raw.strip():
        raise BadRequest("Surat ini kosong.", "Kirim pesan RFC 5322 utuh sebagai isi permintaan.")
    set_actor(SYSTEM)
    made = take(raw, "pipe")
    told = {"state": made.state, "number": made.number, "repeated": made.repeated}
    return jsonify(told), 200 if made.repeated else 202
