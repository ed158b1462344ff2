"""Every address that citizens use, on one screen. The views are in the citizen_* rooms beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, url_for

from plugins.lapor import citizen_claim, citizen_lists, citizen_report, citizen_steps, citizen_track

bp = Blueprint(
    "lapor_citizen", __name__, url_prefix="/lapor", template_folder="templates", static_folder="static"
)

View = Callable[..., Any]
ADDRESSES: tuple[tuple[str, str, str, View], ...] = (
    ("GET", "/buat", "report", citizen_report.report),
    ("POST", "/buat", "send", citizen_report.send),
    ("GET", "/saran-jenis", "suggest", citizen_report.suggest),
    ("GET", "/terkirim/<number>", "receipt", citizen_report.receipt),
    ("GET", "/terkirim/<number>/struk.txt", "receipt_file", citizen_report.receipt_file),
    ("GET", "/lacak", "find", citizen_track.find),
    ("POST", "/lacak", "enter", citizen_track.enter),
    ("GET", "/lacak/<number>", "track", citizen_track.track),
    ("GET", "/lacak/<number>/saya", "own", citizen_track.own),
    ("GET", "/buka/<ticket>", "open_link", citizen_track.open_link),
    ("POST", "/lacak/<number>/keluar", "leave", citizen_track.leave),
    ("POST", "/lacak/<number>/selesai", "confirm", citizen_steps.confirm),
    ("POST", "/lacak/<number>/buka-lagi", "reopen", citizen_steps.reopen),
    ("POST", "/lacak/<number>/tambah", "reply", citizen_steps.reply),
    ("POST", "/lacak/<number>/tarik", "withdraw", citizen_steps.withdraw),
    ("POST", "/lacak/<number>/kontak", "contact", citizen_steps.contact),
    ("GET", "/klaim/<token>", "claim", citizen_claim.show),
    ("POST", "/klaim/<token>", "take", citizen_claim.take),
    ("GET", "/daftar", "listing", citizen_lists.listing),
    ("GET", "/jenis", "kinds", citizen_lists.kinds),
    ("GET", "/foto/<number>/<uuid:photo_id>/<any(thumb,full):size>", "photo", citizen_lists.photo),
)

for method, rule, endpoint, view in ADDRESSES:
    bp.add_url_rule(rule, endpoint, view, methods=[method])


@bp.context_processor
def _style() -> dict[str, str]:
    """The address of LAPOR's own style sheet; it changes with the file."""
    return {"lapor_css": url_for("lapor_citizen.static", filename="lapor.css", v=_version())}


@cache
def _version() -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / "lapor.css").read_bytes()).hexdigest()[:10]
