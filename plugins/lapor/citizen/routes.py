"""Every address that citizens use, on one screen. The views are in the rooms beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for

from plugins.lapor.assets import ROOT, version
from plugins.lapor.citizen import claim, coach, data, lists, papers, report, steps, together, track

bp = Blueprint(
    "lapor_citizen",
    __name__,
    url_prefix="/lapor",
    root_path=str(ROOT),
    template_folder="templates",
    static_folder="static",
)

View = Callable[..., Any]
ADDRESSES: tuple[tuple[str, str, str, View], ...] = (
    ("GET", "/buat", "report", report.report),
    ("POST", "/buat", "send", report.send),
    ("GET", "/saran-jenis", "suggest", report.suggest),
    ("GET", "/bantu", "coach", coach.coach),
    ("GET", "/sw.js", "worker", coach.worker),
    ("GET", "/mirip", "similar", together.similar),
    ("GET", "/ikut/<number>", "join_form", together.join_form),
    ("POST", "/ikut/<number>", "join", together.join),
    ("POST", "/lacak/<number>/ikut", "follow", together.follow),
    ("POST", "/lacak/<number>/pisah", "leave_incident", together.leave),
    ("POST", "/lacak/<number>/bukan-ini", "decline", together.decline),
    ("GET", "/terkirim/<number>", "receipt", report.receipt),
    ("GET", "/terkirim/<number>/struk.txt", "receipt_file", report.receipt_file),
    ("GET", "/lacak", "find", track.find),
    ("POST", "/lacak", "enter", track.enter),
    ("GET", "/lacak/<number>", "track", track.track),
    ("GET", "/lacak/<number>/saya", "own", track.own),
    ("GET", "/buka/<ticket>", "open_link", track.open_link),
    ("POST", "/lacak/<number>/keluar", "leave", track.leave),
    ("POST", "/lacak/<number>/selesai", "confirm", steps.confirm),
    ("POST", "/lacak/<number>/buka-lagi", "reopen", steps.reopen),
    ("POST", "/lacak/<number>/tambah", "reply", steps.reply),
    ("POST", "/lacak/<number>/tarik", "withdraw", steps.withdraw),
    ("POST", "/lacak/<number>/perbaiki", "correct", steps.correct),
    ("POST", "/lacak/<number>/kontak", "contact", steps.contact),
    ("GET", "/lacak/<number>/data", "own_data", data.page),
    ("POST", "/lacak/<number>/data/salinan", "own_copy", data.copy),
    ("POST", "/lacak/<number>/data/hapus", "forget", data.forget),
    ("GET", "/klaim/<token>", "claim", claim.show),
    ("POST", "/klaim/<token>", "take", claim.take),
    ("GET", "/daftar", "listing", lists.listing),
    ("GET", "/jenis", "kinds", lists.kinds),
    ("GET", "/dokumen/<number>/<uuid:document_id>", "document", papers.document),
    ("GET", "/foto/<number>/<uuid:photo_id>/<any(thumb,full):size>", "photo", lists.photo),
)

for method, rule, endpoint, view in ADDRESSES:
    bp.add_url_rule(rule, endpoint, view, methods=[method])


@bp.context_processor
def _style() -> dict[str, str]:
    """The address of LAPOR's own style sheet; it changes with the file."""
    return {"lapor_css": url_for("lapor_citizen.static", filename="lapor.css", v=version("lapor.css"))}
