"""The desk of LAPOR, as one table: which address leads to which view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for

from plugins.lapor.assets import ROOT, version
from plugins.lapor.desk import (
    audits,
    case,
    entry,
    forms,
    identity,
    inbox,
    incidents,
    outside,
    owner_routes,
    proof,
    questions,
    redact,
    routing,
    shared,
    time_routes,
    undo,
)

bp = Blueprint(
    "lapor_desk",
    __name__,
    url_prefix="/meja/lapor",
    root_path=str(ROOT),
    template_folder="templates",
    static_folder="static",
)

View = Callable[..., Any]
# Words in an address below /meja/lapor/ are found before <number>, which always holds digits.
ADDRESSES: tuple[tuple[str, str, str, View], ...] = (
    ("GET", "/", "inbox", inbox.inbox),
    ("GET", "/catat", "entry", entry.page),
    ("POST", "/catat", "enter", entry.enter),
    ("GET", "/pertanyaan", "questions", questions.page),
    ("POST", "/pertanyaan", "put_question", questions.put),
    ("POST", "/pertanyaan/<uuid:question_id>/akhiri", "end_question", questions.end),
    ("GET", "/foto/<uuid:photo_id>", "photo", case.photo),
    ("POST", "/urungkan/<uuid:batch_id>", "undo", undo.take_back),
    ("GET", "/kejadian", "incidents", incidents.listing),
    ("GET", "/kejadian/<uuid:incident_id>", "incident", incidents.page),
    ("POST", "/kejadian/<uuid:incident_id>/tambah", "incident_add", incidents.add),
    ("POST", "/kejadian/urungkan/<uuid:deed_id>", "incident_undo", incidents.undo),
    ("POST", "/kejadian/pasangan", "twin", incidents.twin),
    ("GET", "/temuan", "findings", proof.waiting),
    ("GET", "/bukti", "units", proof.units),
    ("GET", "/dokumen/<uuid:document_id>", "document", proof.document),
    ("GET", "/pemeriksaan", "audits", audits.queue),
    ("GET", "/pemeriksaan/<uuid:audit_id>", "audit", audits.one),
    ("POST", "/pemeriksaan/<uuid:audit_id>", "judge", audits.judge),
    ("GET", "/foto/<uuid:photo_id>/samarkan", "redaction", redact.page),
    ("POST", "/foto/<uuid:photo_id>/samarkan", "cover", redact.cover),
    ("POST", "/foto/<uuid:photo_id>/tinjau", "clear", redact.clear),
    ("POST", "/foto/<uuid:photo_id>/pulihkan", "restore", redact.restore),
    ("POST", "/foto/<uuid:photo_id>/asli", "original", redact.original),
    ("GET", "/identitas", "identities", identity.page),
    ("POST", "/identitas/cari", "identity_search", identity.find),
    ("POST", "/identitas/<uuid:wish>/putuskan", "identity_decide", identity.decide),
    ("POST", "/identitas/<uuid:wish>/buka", "identity_look", identity.look),
    *shared.ADDRESSES,
    ("GET", "/penerusan", "routing", routing.page),
    ("POST", "/penerusan/latih", "train", routing.train),
    ("POST", "/penerusan/dibaca", "read_alarms", routing.read),
    ("POST", "/penerusan/versi/<uuid:model_id>", "use_version", routing.use),
    *time_routes.ADDRESSES,
    *owner_routes.ADDRESSES,
    ("GET", "/sambungan", "connections", outside.listing),
    ("GET", "/sambungan/<uuid:destination_id>", "connection", outside.one),
    ("POST", "/sambungan/<uuid:destination_id>/cara", "connection_mode", outside.mode),
    (
        "POST",
        "/sambungan/<uuid:destination_id>/kiriman/<uuid:event_id>",
        "connection_decide",
        outside.decide,
    ),
    (
        "POST",
        "/sambungan/<uuid:destination_id>/beda/<uuid:complaint_id>",
        "connection_settle",
        outside.settle,
    ),
    ("GET", "/<number>", "case", case.page),
    ("POST", "/<number>/tarik", "recall", routing.recall),
    ("POST", "/<number>/temuan/<uuid:finding_id>", "resolve", proof.resolve),
    ("POST", "/<number>/tolak-bukti", "reject_proof", proof.reject),
    ("POST", "/<number>/belum-selesai", "false_closing", proof.doubt),
    ("POST", "/<number>/gabung", "gather", incidents.gather),
    ("POST", "/<number>/pisah", "split", incidents.split),
    ("POST", "/<number>/utama", "lead", incidents.lead),
    ("POST", "/<number>/identitas", "reveal", forms.reveal),
    ("POST", "/<number>/identitas/minta", "identity_ask", identity.ask),
    ("POST", "/<number>/pegawai", "whistle_mark", identity.mark),
    ("POST", "/<number>/bukan-pegawai", "whistle_release", identity.release),
    *(("POST", f"/<number>/{path}", view.__name__, view) for path, view in forms.ACTIONS.items()),
)

for method, rule, endpoint, view in ADDRESSES:
    bp.add_url_rule(rule, endpoint, view, methods=[method])


@bp.context_processor
def _style() -> dict[str, str]:
    """The address of the desk's own style sheet; it changes with the file."""
    return {"lapor_desk_css": url_for("lapor_desk.static", filename="desk.css", v=version("desk.css"))}
