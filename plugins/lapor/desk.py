"""The desk of LAPOR, as one table: which address leads to which view."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, url_for

from plugins.lapor import desk_case, desk_entry, desk_forms, desk_inbox

bp = Blueprint(
    "lapor_desk",
    __name__,
    url_prefix="/meja/lapor",
    template_folder="templates",
    static_folder="static",
)

bp.add_url_rule("/", "inbox", desk_inbox.inbox)
bp.add_url_rule("/catat", "entry", desk_entry.page)
bp.add_url_rule("/catat", "enter", desk_entry.enter, methods=["POST"])
bp.add_url_rule("/foto/<uuid:photo_id>", "photo", desk_case.photo)
bp.add_url_rule("/<number>", "case", desk_case.page)
bp.add_url_rule("/<number>/identitas", "reveal", desk_forms.reveal, methods=["POST"])
for path, view in desk_forms.ACTIONS.items():
    bp.add_url_rule(f"/<number>/{path}", view.__name__, view, methods=["POST"])


@bp.context_processor
def _style() -> dict[str, str]:
    return {"lapor_desk_css": url_for("lapor_desk.static", filename="desk.css", v=_version())}


@cache
def _version() -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / "desk.css").read_bytes()).hexdigest()[:10]
